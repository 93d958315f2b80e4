import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { FileWatch } from './file-watch';

const folder = mkdtempSync(join(tmpdir(), 'parlance-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('looks at a file now and then where its folder cannot be watched', async () => {
  const path = join(folder, 'later', 'models.yaml');
  const [onText, onFault] = [vi.fn(), vi.fn()];
  const watch = new FileWatch(path, 'old', { onText, onFault, settleMs: 5, pollMs: 10 });
  await vi.waitFor(() => expect(onFault).toHaveBeenCalledWith('ENOENT'));
  mkdirSync(join(folder, 'later'));
  writeFileSync(path, 'new');
  await vi.waitFor(() => expect(onText).toHaveBeenCalledWith('new'));
  writeFileSync(path, 'newer');
  await vi.waitFor(() => expect(onText).toHaveBeenLastCalledWith('newer'));
  expect([onFault.mock.calls.length, onText.mock.calls.length]).toEqual([1, 2]);
  watch.close();
});

it('takes several writes of an editor for one', async () => {
  const path = join(folder, 'models.yaml');
  writeFileSync(path, 'old');
  const onText = vi.fn();
  const watch = new FileWatch(path, 'old', { onText, onFault: vi.fn(), settleMs: 100 });
  for (const text of ['', 'ne', 'new']) {
    writeFileSync(path, text);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await vi.waitFor(() => expect(onText).toHaveBeenCalled());
  expect(onText.mock.calls).toEqual([['new']]);
  watch.close();
  writeFileSync(path, 'after');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(onText).toHaveBeenCalledTimes(1);
});
