import { allocate, freeMemory, TensorList, type OnnxRuntime, type Pointer } from '../onnx-runtime';
import type { CGraph } from './c-graph';
import type { DecoderDescription } from './describe-decoder';
import type { GrowingRun } from './growing-run';

/** Sizes and names of a graph that may append to its cache where it lies. */
export interface InPlaceShape {
  keyValueHeads: number;
  headSize: number;
  vocabulary: number;
  past: readonly string[];
  present: readonly string[];
}

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
export async function appendsInPlace(graph: CGraph, run: GrowingRun, shape: InPlaceShape): Promise<boolean> {
  const trial = new Trial(graph.runtime, graph.session, shape);
  try {
    const [single] = await trial.rows([long]);
    if (!areAlike(single, await growing(run, long))) return false;
    const [first, second] = await trial.rows([long, short]);
    const [likeFirst] = await trial.rows([long, long]);
    const [, likeSecond] = await trial.rows([short, short]);
    return areAlike(first, likeFirst) && areAlike(second, likeSecond);
  } catch {
    // ONNX Runtime refuses the outputs: that is the answer.
    return false;
  } finally {
    trial.release();
  }
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

/** Two rows of a cache of a few positions, past and present at once. */
class Trial {
  private readonly blocks: Pointer[];
  private readonly inputs: TensorList;
  private readonly outputs: TensorList;
  private readonly logits: ReturnType<typeof allocate>;
  private readonly rowElements: number;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: Pointer,
    private readonly shape: InPlaceShape,
  ) {
    this.rowElements = shape.keyValueHeads * room * shape.headSize;
    this.blocks = shape.past.map(() => allocate(4 * 2 * this.rowElements).pointer);
    this.inputs = new TensorList(['input_ids', 'attention_mask', ...shape.past]);
    this.outputs = new TensorList(['logits', ...shape.present]);
    this.logits = allocate(4 * 2 * shape.vocabulary);
  }

  /** The logits after all tokens of each row, of which the last ones are read together. */
  async rows(rows: readonly (readonly number[])[]): Promise<Float32Array[]> {
    for (const [row, tokens] of rows.entries())
      await this.run(row, 1, tokens.slice(0, -1), [tokens.length - 1]);
    const last = rows.map((tokens) => tokens.at(-1) ?? 0);
    await this.run(
      0,
      rows.length,
      last,
      rows.map((tokens) => tokens.length),
    );
    const { vocabulary } = this.shape;
    const all = new Float32Array(this.logits.view);
    return rows.map((_, row) => all.slice(row * vocabulary, (row + 1) * vocabulary));
  }

  /** Reads the same number of tokens in each of `count` rows; each then holds as many as `lengths` says. */
  private async run(
    first: number,
    count: number,
    tokens: readonly number[],
    lengths: readonly number[],
  ): Promise<void> {
    const { keyValueHeads, headSize, vocabulary } = this.shape;
    const total = Math.max(...lengths);
    const ids = allocate(8 * tokens.length);
    new BigInt64Array(ids.view).set(tokens.map(BigInt));
    const mask = allocate(8 * count * total);
    for (const [row, length] of lengths.entries())
      new BigInt64Array(mask.view).fill(1n, row * total, row * total + length);
    const offset = BigInt(4 * first * this.rowElements);
    const caches = this.blocks.map((block) =>
      this.runtime.createTensor(block + offset, 'float32', [count, keyValueHeads, room, headSize]),
    );
    const others = [
      this.runtime.createTensor(ids.pointer, 'int64', [count, tokens.length / count]),
      this.runtime.createTensor(mask.pointer, 'int64', [count, total]),
      this.runtime.createTensor(this.logits.pointer, 'float32', [count, 1, vocabulary]),
    ] as const;
    const [idsTensor, maskTensor, logits] = others;
    try {
      for (const [index, tensor] of [idsTensor, maskTensor, ...caches].entries())
        this.inputs.set(index, tensor);
      for (const [index, tensor] of [logits, ...caches].entries()) this.outputs.set(index, tensor);
      await this.runtime.runAsync(this.session, this.inputs, this.outputs);
    } finally {
      for (const tensor of [...others, ...caches]) this.runtime.releaseTensor(tensor);
      freeMemory(ids.pointer);
      freeMemory(mask.pointer);
    }
  }

  release(): void {
    this.inputs.release();
    this.outputs.release();
    for (const block of [...this.blocks, this.logits.pointer]) freeMemory(block);
  }
}
