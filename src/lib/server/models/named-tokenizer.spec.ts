import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NamedTokenizer } from './named-tokenizer';

const program = vi.hoisted(() => ({ path: '' }));
vi.mock('../programs', () => ({ programPath: () => program.path }));

/** Counts letters, and ends as its texts and files say. */
const worker = `
import { parentPort, workerData } from 'node:worker_threads';
if (workerData.path.endsWith('ends-early')) process.exit(1);
parentPort.on('message', ({ id, text }) => {
  if (text === 'end') process.exit(1);
  if (text === 'throw') throw new Error('It stumbles');
  if (text !== 'wait') parentPort.postMessage({ type: 'count', id, tokens: text.length });
});
parentPort.postMessage({ type: 'ready' });
if (workerData.path.endsWith('ends-ready')) process.exit(1);
`;

describe('NamedTokenizer, when its thread ends', () => {
  let folder: string;
  const tokenizerAt = async (name: string): Promise<NamedTokenizer> => {
    await writeFile(join(folder, name), '{}');
    return new NamedTokenizer(join(folder, name));
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
    program.path = join(folder, 'worker.mjs');
    await writeFile(program.path, worker);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says so at the start, and reads it again at the next call', async () => {
    const tokenizer = await tokenizerAt('ends-early');
    for (let time = 0; time < 2; time += 1)
      await expect(tokenizer.open()).rejects.toMatchObject({
        code: 'model-unavailable',
        cause: 'its thread has ended',
      });
    await tokenizer.close();
  });

  it('leaves nobody waiting who asks right after the start', async () => {
    const tokenizer = await tokenizerAt('ends-ready');
    await expect(tokenizer.countTokens('wait')).rejects.toMatchObject({ code: 'backend-unreachable' });
    await tokenizer.close();
  });

  it.each([
    ['end', 'its thread has ended'],
    ['throw', 'It stumbles'],
  ])('tells all who wait, and counts again (%s)', async (text, reason) => {
    const tokenizer = await tokenizerAt('tokenizer.json');
    const counts = await Promise.allSettled(['wait', text].map((each) => tokenizer.countTokens(each)));
    const fault = { code: 'backend-unreachable', message: `Tokens cannot be counted: ${reason}.` };
    expect(counts).toMatchObject([{ reason: fault }, { reason: fault }]);
    expect(await tokenizer.countTokens('four')).toBe(4);
    await tokenizer.close();
  });

  it('does not read it again once it is closed', async () => {
    const tokenizer = await tokenizerAt('tokenizer.json');
    expect(await tokenizer.countTokens('four')).toBe(4);
    await tokenizer.close();
    await expect(tokenizer.countTokens('four')).rejects.toMatchObject({ code: 'backend-unreachable' });
  });
});
