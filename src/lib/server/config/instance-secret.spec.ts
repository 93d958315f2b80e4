import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findInstanceSecret } from './instance-secret';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'secret-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('is the one that is configured, and then none is made', async () => {
  expect(await findInstanceSecret({ secretKey: 'configured', dataDir })).toBe('configured');
  await expect(readFile(join(dataDir, 'secret-key'))).rejects.toThrow('ENOENT');
});

it('is made once, for its owner alone, and found again, also by two at once', async () => {
  const place = { dataDir: join(dataDir, 'new') };
  const made = await findInstanceSecret(place);
  expect(made).toMatch(/^[\w-]{43}$/u);
  expect(await findInstanceSecret(place)).toBe(made);
  expect((await stat(join(place.dataDir, 'secret-key'))).mode & 0o777).toBe(0o600);
  const other = await findInstanceSecret({ dataDir: join(dataDir, 'other') });
  expect(other).not.toBe(made);
});

it('is never replaced when it is damaged', async () => {
  await writeFile(join(dataDir, 'secret-key'), 'short\n');
  await expect(findInstanceSecret({ dataDir })).rejects.toMatchObject({ code: 'config-invalid' });
  expect(await readFile(join(dataDir, 'secret-key'), 'utf8')).toBe('short\n');
});

it('is another one each time where nothing is kept', async () => {
  const place = { dataDir: undefined };
  expect(await findInstanceSecret(place)).not.toBe(await findInstanceSecret(place));
});
