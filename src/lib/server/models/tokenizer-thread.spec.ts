import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TokenizerThread } from './tokenizer-thread';

const folder = join(process.cwd(), 'models/HuggingFaceTB/SmolLM2-135M-Instruct');

describe('TokenizerThread', () => {
  it.each([folder, join(folder, 'tokenizer.json')])('counts as the model does: %#', async (path) => {
    const tokenizer = await TokenizerThread.start(path);
    // The tokens of this prompt are known from the engine's own spec.
    const counts = ['<|im_start|>user\nHello<|im_end|>', '', 'a b c'].map((text) =>
      tokenizer.countTokens(text),
    );
    expect(await Promise.all(counts)).toEqual([5, 0, 3]);
    await tokenizer.close();
  });

  it('says what to do when there is none, or a damaged one', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'tokenizer-'));
    const remedy = {
      code: 'model-unavailable',
      details: { remedy: expect.stringContaining('tokenizer.json') },
    };
    await expect(TokenizerThread.start(join(empty, 'none'))).rejects.toMatchObject(remedy);
    await expect(TokenizerThread.start(empty)).rejects.toMatchObject(remedy);
    await writeFile(join(empty, 'tokenizer.json'), '{"model":');
    await expect(TokenizerThread.start(empty)).rejects.toMatchObject(remedy);
  });

  it('answers those who wait with a fault when it is closed', async () => {
    const tokenizer = await TokenizerThread.start(folder);
    const count = tokenizer.countTokens('word '.repeat(50_000));
    await tokenizer.close();
    await expect(count).rejects.toMatchObject({ code: 'backend-unreachable' });
    await expect(tokenizer.countTokens('a')).rejects.toMatchObject({ code: 'backend-unreachable' });
  });
});
