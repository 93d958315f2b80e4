import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Tokenizer } from '@huggingface/tokenizers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundledModelId } from '../../../models/found-models';
import { projectRoot } from '../../../programs';
import type { Bank, DecoderGraph } from '../bank';
import { readModelFolder } from '../model-folder';
import { OnnxRuntime, TensorList } from '../onnx-runtime';
import { InPlaceGraph } from './in-place-bank';
import { openDecoderGraph } from './open-graph';
import { SpareMemory } from './spare-memory';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const path = join(projectRoot(), 'models', bundledModelId);
const capacity = 128;
const text =
  'A lighthouse keeper lives alone, and yet he is never lonely: the sea talks to him day and night.';

/** Comparing 49,152 numbers one by one, with words for each, takes seconds. */
function bytesOf(logits: Float32Array | undefined): string {
  return createHash('sha256')
    .update(new Uint8Array(logits?.buffer ?? new ArrayBuffer(0), logits?.byteOffset, logits?.byteLength))
    .digest('hex');
}

/** Equality is exact here: int8 sums turn a difference in the last digit into one that can be seen in the text. */
describe('the bank of the bundled model', () => {
  let graph: DecoderGraph;
  const onShrunk = vi.fn(() => new SpareMemory([]).giveBack());
  let tokens: number[];
  let bank: Bank;
  const prompts = () => [tokens, tokens.slice(3), tokens.slice(0, 9), tokens.slice(5, 20)];

  beforeAll(async () => {
    const folder = await readModelFolder(path);
    const tokenizer = new Tokenizer(folder.tokenizer.model, folder.tokenizer.config);
    tokens = tokenizer.encode(text, { add_special_tokens: false }).ids;
    const opened = await openDecoderGraph({
      path: folder.graphPath,
      threads: 2,
      binding: 'c-api',
      openInPlace: (runtime, session, shape) => new InPlaceGraph(runtime, session, shape, onShrunk),
    });
    graph = opened.graph;
    bank = graph.createBank(4, capacity);
  });
  afterAll(() => {
    bank.release();
    graph.release();
  });

  const readAll = async () => {
    for (const [row, prompt] of prompts().entries()) await bank.read(row, prompt, 0);
  };
  /** Five tokens after each prompt, one row at a time. */
  const alone = async () => {
    const rows: string[][] = [];
    for (const [row, prompt] of prompts().entries()) {
      const logits: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        const [next] = await bank.step(row, [100 + index], [prompt.length + index]);
        logits.push(bytesOf(next));
      }
      rows.push(logits);
    }
    return rows;
  };

  it('is batched, and verifies on Linux', () => {
    expect(bank.isBatched).toBe(true);
    expect(bank.longestVerify > 1).toBe(process.platform === 'linux');
  });

  it('gives the same logits in pieces of any length from two on', async () => {
    const whole = bytesOf(await bank.read(0, tokens, 0));
    for (const size of [2, 3, 5, 11]) {
      let last = '';
      for (let at = 0; at < tokens.length;) {
        const left = tokens.length - at;
        const count = left - size === 1 ? left : Math.min(size, left);
        last = bytesOf(await bank.read(1, tokens.slice(at, at + count), at));
        at += count;
      }
      expect(last).toBe(whole);
    }
  });

  it('gives the same logits to rows of different lengths together as to each alone', async () => {
    await readAll();
    const expected = await alone();
    for (let index = 0; index < 5; index += 1) {
      const positions = prompts().map(({ length }) => length + index);
      const logits = await bank.step(0, Array<number>(4).fill(100 + index), positions);
      for (const [row, given] of logits.entries()) expect(bytesOf(given)).toBe(expected[row]?.[index]);
    }
  });

  it.runIf(process.platform === 'linux')('verifies several tokens as single steps would', async () => {
    await readAll();
    const expected = await alone();
    for (const [row, prompt] of prompts().entries()) {
      const logits = await bank.verify(row, [100, 101, 102, 103, 104], prompt.length);
      for (const [index, given] of logits.entries()) expect(bytesOf(given)).toBe(expected[row]?.[index]);
    }
    // More and fewer than before, of the same row.
    await bank.read(1, prompts()[1] ?? [], 0);
    for (const [from, to] of [
      [0, 1],
      [1, 5],
      [2, 4],
    ] as const) {
      const given = [100, 101, 102, 103, 104].slice(from, to);
      const logits = await bank.verify(1, given, (prompts()[1]?.length ?? 0) + from);
      expect(logits.map(bytesOf)).toEqual(expected[1]?.slice(from, to));
    }
    bank.endDrafting();
    const [again] = await bank.step(3, [104], [prompts()[3]?.length ? 19 : 0]);
    expect(bytesOf(again)).toBe(expected[3]?.[4]);
  });

  it('gives back every list of names that it made', async () => {
    const released = vi.spyOn(TensorList.prototype, 'release');
    const other = graph.createBank(2, capacity);
    await other.read(0, tokens, 0);
    await other.step(0, [1, 2], [tokens.length, 0]);
    if (other.longestVerify > 1) await other.verify(0, [1, 2], tokens.length);
    other.release();
    // Inputs and outputs of one row, of two rows, and of two guesses.
    expect(released).toHaveBeenCalledTimes(other.longestVerify > 1 ? 6 : 4);
    released.mockRestore();
  });

  it.runIf(process.platform === 'linux')(
    'gives back what reading took, and goes on with the same logits',
    async () => {
      /** Without what V8 and the C library keep for later. */
      const anonymousMb = () => {
        collect();
        new SpareMemory([]).giveBack();
        return Number(/RssAnon:\s+(\d+)/u.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1000;
      };
      const long = Array.from({ length: 512 }, (_, index) => (index * 7919) % 49_000);
      const other = graph.createBank(1, 520);
      const logits: string[][] = [];
      const given: number[] = [];
      for (const gives of [false, true]) {
        await other.read(0, long, 0);
        const before = anonymousMb();
        if (gives) other.endReading();
        const steps: string[] = [];
        for (let at = 0; at < 3; at += 1)
          steps.push(bytesOf((await other.step(0, [100 + at], [512 + at]))[0]));
        logits.push(steps);
        given.push(before - anonymousMb());
      }
      other.release();
      expect(logits[1]).toEqual(logits[0]);
      expect(onShrunk).toHaveBeenCalledTimes(1);
      // What 512 tokens need between two operators is some 35 MB.
      expect((given[1] ?? 0) - (given[0] ?? 0)).toBeGreaterThan(12);
    },
    60_000,
  );

  it('gives nothing back where little was read', async () => {
    onShrunk.mockClear();
    await bank.read(0, tokens, 0);
    bank.endReading();
    await bank.step(0, [100], [tokens.length]);
    expect(onShrunk).not.toHaveBeenCalled();
  });

  it('goes on after a run that was to give back and failed', async () => {
    const long = Array.from({ length: 64 }, (_, index) => index);
    const other = graph.createBank(1, 72);
    await other.read(0, long, 0);
    other.endReading();
    const options: unknown[] = [];
    const run = vi.spyOn(OnnxRuntime.prototype, 'run');
    run.mockImplementationOnce((...[, , , given]) => {
      options.push(given);
      throw new Error('This cannot be given back.');
    });
    await expect(other.step(0, [100], [64])).rejects.toThrow('cannot be given back');
    await other.step(0, [100], [64]);
    options.push(run.mock.lastCall?.[3]);
    run.mockRestore();
    other.release();
    expect(options).toEqual([expect.anything(), null]);
  });

  it('keeps what it holds when rows are copied, exchanged and moved to another bank', async () => {
    await readAll();
    const [, second, third] = await alone();
    const [one, two] = [prompts()[1]?.length ?? 0, prompts()[2]?.length ?? 0];
    bank.swap(1, 2, one, two);
    expect(bytesOf((await bank.step(1, [100], [two]))[0])).toBe(third?.[0]);
    expect(bytesOf((await bank.step(2, [100], [one]))[0])).toBe(second?.[0]);
    const other = graph.createBank(1, 2 * capacity);
    other.copy(0, bank, 2, 0, one);
    expect(bytesOf((await other.step(0, [100], [one]))[0])).toBe(second?.[0]);
    other.release();
    bank.copy(3, bank, 1, 0, two);
    expect(bytesOf((await bank.step(3, [100], [two]))[0])).toBe(third?.[0]);
  });
});
