import type { Bank } from '../bank';
import type { CGraph } from './c-graph';
import type { DecoderDescription } from './describe-decoder';
import type { GrowingRun } from './growing-run';
import { InPlaceGraph, type InPlaceShape } from './in-place-bank';

/** Positions of the tried cache: more than the tokens, since a copy into a longer cache must fail. */
const room = 8;
/** Of the largest logit: the compared runs do the same sums. */
const tolerance = 0.001;
const [long, short] = [
  [0, 1, 2],
  [3, 1],
] as const;

/** The shape of a graph that reads nothing but ids, mask and cache, all in their usual form. */
export function inPlaceShape(decoder: DecoderDescription, vocabulary: number): InPlaceShape | undefined {
  const { ids, attentionMask, positionIds, useCacheBranch, logits, caches } = decoder;
  const { keyValueHeads, headSize, cacheType } = decoder;
  const isUsual =
    ids.name === 'input_ids' &&
    attentionMask?.name === 'attention_mask' &&
    logits.name === 'logits' &&
    [ids, attentionMask].every(({ type }) => type === 'int64') &&
    [logits.type, cacheType].every((type) => type === 'float32') &&
    caches.every(({ sequenceAxis }) => sequenceAxis === 2);
  if (!isUsual || positionIds || useCacheBranch || !keyValueHeads || !headSize) return undefined;
  return {
    keyValueHeads,
    headSize,
    vocabulary,
    past: caches.map(({ past }) => past),
    present: caches.map(({ present }) => present),
  };
}

/**
 * Tries whether past and present may be one memory, longer than the sequence, for rows of different lengths. Only runs of
 * as many tokens are compared, since quantised weights give other sums for one token than for several: a row with the same
 * row over a cache that grows, and two rows of different lengths with two rows alike. A graph that cannot append in place
 * is refused by ONNX Runtime or differs.
 */
export async function appendsInPlace(
  { runtime, session }: CGraph,
  run: GrowingRun,
  shape: InPlaceShape,
): Promise<boolean> {
  const graph = new InPlaceGraph(runtime, session, shape);
  const bank = graph.createBank(2, room);
  try {
    const [single] = await rowsOf(bank, [long]);
    if (!areAlike(single, await growing(run, long))) return false;
    const [first, second] = await rowsOf(bank, [long, short]);
    const [likeFirst] = await rowsOf(bank, [long, long]);
    const [, likeSecond] = await rowsOf(bank, [short, short]);
    return areAlike(first, likeFirst) && areAlike(second, likeSecond);
  } catch {
    // ONNX Runtime refuses the outputs: that is the answer.
    return false;
  } finally {
    bank.release();
    graph.forget();
  }
}

/** The logits after all tokens of each row, of which the last ones are read together. */
async function rowsOf(bank: Bank, rows: readonly (readonly number[])[]): Promise<Float32Array[]> {
  for (const [row, tokens] of rows.entries()) await bank.read(row, tokens.slice(0, -1), 0);
  const logits = await bank.step(
    0,
    rows.map((tokens) => tokens.at(-1) ?? 0),
    rows.map((tokens) => tokens.length - 1),
  );
  return logits.map((row) => row.slice());
}

/** The logits after all tokens, of which the last is read by itself. */
async function growing(run: GrowingRun, tokens: readonly number[]): Promise<Float32Array | undefined> {
  const before = await run.run(run.empty, tokens.slice(0, -1));
  before.logits.release();
  try {
    const { sequence, logits } = await run.run(before.sequence, tokens.slice(-1));
    sequence.leave();
    try {
      return run.copyLogits(logits, 0);
    } finally {
      logits.release();
    }
  } finally {
    before.sequence.leave();
  }
}

function areAlike(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  if (!a || a.length !== b?.length) return false;
  const size = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Also false for what is not a number.
  return a.every((value, index) => Math.abs(value - (b[index] ?? NaN)) <= tolerance * size);
}
