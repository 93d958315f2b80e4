import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecoderGraph } from '../bank';
import { largest } from './__fixtures__/largest-logit';
import { tinyGraph, type TinyOptions } from './__fixtures__/tiny-graph';
import { expectedAnswer, expectedLogits, tinySize, tinyWeights } from './__fixtures__/tiny-weights';
import { describeDecoder } from './describe-decoder';
import type { GraphRunner } from './graph-runner';
import { growingGraph } from './growing-graph';
import { GrowingRun } from './growing-run';

const weights = tinyWeights();
const prompt = [3, 1, 4, 1, 5, 9, 2, 6];
const other = [2, 7, 1, 8];

const shapes: { what: string; options: TinyOptions; tolerance: number }[] = [
  { what: 'position ids', options: { positionIds: true }, tolerance: 1e-4 },
  { what: 'no position ids', options: {}, tolerance: 1e-4 },
  {
    what: 'a float16 cache and float16 logits',
    options: { positionIds: true, type: 'float16' },
    tolerance: 0.02,
  },
  { what: 'keys with the head size first', options: { transposedKeys: true }, tolerance: 1e-4 },
  { what: 'a number of logits to keep', options: { logitsToKeep: 'required' }, tolerance: 1e-4 },
  { what: 'an optional number of logits to keep', options: { logitsToKeep: 'optional' }, tolerance: 1e-4 },
  { what: 'a flag for the branch with a cache', options: { cacheBranch: true }, tolerance: 1e-4 },
  {
    what: 'names of its own',
    options: {
      positionIds: true,
      names: {
        ids: 'tokens',
        mask: 'padding_mask',
        positions: 'token_positions',
        logits: 'scores',
        past: (layer, kind) => `cache_${kind[0] ?? ''}${String(layer)}_in`,
        present: (layer, kind) => `${kind}s.of.layer.${String(layer)}`,
      },
    },
    tolerance: 1e-4,
  },
];

/** What a growing bank does over a binding: the same for each. */
export function describeRunner(open: (path: string) => Promise<GraphRunner>): void {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graphs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function load(options: TinyOptions): Promise<DecoderGraph> {
    const path = join(folder, 'tiny.onnx');
    await writeFile(path, tinyGraph(weights, options));
    const runner = await open(path);
    return growingGraph(await GrowingRun.open(runner, describeDecoder(runner.signature)));
  }

  describe.each(shapes)('a graph with $what', ({ options, tolerance }) => {
    function expectClose(logits: Float32Array | undefined, tokens: readonly number[]): void {
      const wanted = expectedLogits(weights, tokens).at(-1) ?? [];
      expect(logits).toHaveLength(wanted.length);
      for (const [index, value] of wanted.entries())
        expect(Math.abs((logits?.[index] ?? NaN) - value)).toBeLessThan(tolerance);
    }

    it('answers as plain arithmetic does', async () => {
      const graph = await load(options);
      const bank = graph.createBank(1, 64);
      const tokens = [...prompt];
      let logits: Float32Array | undefined = await bank.read(0, tokens, 0);
      for (let step = 0; step < 12; step += 1) {
        expectClose(logits, tokens);
        tokens.push(largest(logits));
        [logits] = await bank.step(0, [tokens.at(-1) ?? 0], [tokens.length - 1]);
      }
      if (tolerance < 0.01) expect(tokens.slice(prompt.length)).toEqual(expectedAnswer(weights, prompt, 12));
      bank.release();
      graph.release();
    });

    it('reads in pieces, goes back and reads on', async () => {
      const graph = await load(options);
      const bank = graph.createBank(1, 64);
      await bank.read(0, prompt.slice(0, 3), 0);
      await bank.read(0, prompt.slice(3), 3);
      const changed = [...prompt.slice(0, 5), ...other];
      const logits = await bank.read(0, other, 5);
      expectClose(logits, changed);
      const again = await bank.read(0, other, 0);
      expectClose(again, other);
      bank.release();
      graph.release();
    });

    it('steps, copies and swaps rows that do not disturb each other', async () => {
      const graph = await load(options);
      const [bank, reserve] = [graph.createBank(3, 64), graph.createBank(1, 64)];
      await bank.read(0, prompt, 0);
      await bank.read(1, other, 0);
      bank.copy(2, bank, 0, 0, 5);
      reserve.copy(0, bank, 0, 0, 8);
      bank.swap(0, 1, 8, 4);
      const [left, middle, right] = (await bank.step(0, [11, 12, 13], [4, 8, 5])).map((row) => row.slice());
      expectClose(left, [...other, 11]);
      expectClose(middle, [...prompt, 12]);
      expectClose(right, [...prompt.slice(0, 5), 13]);
      bank.release();
      const [kept] = await reserve.step(0, [14], [8]);
      expectClose(kept, [...prompt, 14]);
      reserve.release();
      graph.release();
    });

    it('verifies several tokens as single steps would', async () => {
      const graph = await load(options);
      const bank = graph.createBank(1, 64);
      await bank.read(0, other, 0);
      const logits = await bank.verify(0, prompt, other.length);
      for (const [index, row] of logits.entries())
        expectClose(row, [...other, ...prompt.slice(0, index + 1)]);
      bank.release();
      graph.release();
    });
  });

  it('refuses what a row does not hold or has no room for', async () => {
    const graph = await load({});
    const bank = graph.createBank(2, 10);
    await bank.read(0, prompt, 0);
    bank.copy(1, bank, 0, 0, 4);
    await expect(bank.read(0, [1, 2, 3], 8)).rejects.toThrow(/at most 10/u);
    await expect(bank.read(1, [1], 5)).rejects.toThrow(/less than 5/u);
    await expect(bank.read(2, [1], 0)).rejects.toThrow(/no row 2/u);
    await expect(bank.read(0, [], 0)).rejects.toThrow(/nothing to read/u);
    expect(() => bank.copy(0, bank, 1, 0, 5)).toThrow(/less than 5/u);
    bank.release();
    graph.release();
  });

  it('passes on what ONNX Runtime says, and the row stays as it was', async () => {
    const graph = await load({});
    const bank = graph.createBank(1, 64);
    await bank.read(0, prompt, 0);
    await expect(bank.read(0, [tinySize.vocabulary + 5], 8)).rejects.toThrow(/Gather/u);
    const logits = await bank.read(0, [7], 8);
    const wanted = expectedLogits(weights, [...prompt, 7]).at(-1) ?? [];
    expect(largest(logits)).toBe(wanted.indexOf(Math.max(...wanted)));
    bank.release();
    graph.release();
  });
}
