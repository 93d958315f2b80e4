import type { Bank, DecoderGraph } from '../bank';
import { TensorList, type OnnxRuntime, type Pointer, type Tensor } from '../onnx-runtime';
import { allocateBlock, type Block, type Mirror } from './mirrored-memory';
import { RunMemory } from './run-memory';
import { shrinkingRun } from './shrinking-run';

/** Sizes of a decoder graph and the names of what it reads and writes. */
export interface InPlaceShape {
  keyValueHeads: number;
  headSize: number;
  vocabulary: number;
  /** Of the keys and values: as input, as output; both in the same order. */
  past: readonly string[];
  present: readonly string[];
}

/** Most tokens that are verified at once: each is a mapping of every block. */
const maxVerify = 16;
/** What was taken for so many tokens is worth giving back. */
const longRead = 64;
const floatBytes = 4;

/**
 * A decoder graph whose attention appends to the keys and values where they lie (`GroupQueryAttention` of ONNX Runtime
 * with one buffer as past and present), so that a step copies nothing and rows of different lengths share it.
 */
export class InPlaceGraph implements DecoderGraph {
  readonly vocabulary: number;
  private readonly memory: RunMemory;
  /** Tokens read since memory was given back. */
  private tokensRead = 0;
  private shrinksNext = false;

  /** `onShrunk` is called when a run has given back what reading took. */
  constructor(
    readonly runtime: OnnxRuntime,
    private readonly session: Pointer,
    readonly shape: InPlaceShape,
    private readonly onShrunk?: () => void,
  ) {
    this.vocabulary = shape.vocabulary;
    this.memory = new RunMemory(shape.vocabulary);
  }

  createBank(rows: number, capacity: number): Bank {
    return new InPlaceBank(this, rows, capacity);
  }

  release(): void {
    this.runtime.releaseSession(this.session);
    this.forget();
  }

  /** Gives back what it made; the session stays. */
  forget(): void {
    this.memory.release();
  }

  /** A list of inputs and outputs over the given keys and values; the other places are filled by each run. */
  bind(keysAndValues: readonly Tensor[]): Bound {
    const { past, present } = this.shape;
    const inputs = new TensorList(['input_ids', 'attention_mask', ...past]);
    const outputs = new TensorList(['logits', ...present]);
    for (const [index, tensor] of keysAndValues.entries()) {
      inputs.set(index + 2, tensor);
      outputs.set(index + 1, tensor);
    }
    return { inputs, outputs };
  }

  /** One run over `lengths.length` rows of `tokens.length / rows` tokens each; row i then holds `lengths[i]` positions. */
  run({ inputs, outputs }: Bound, tokens: readonly number[], lengths: readonly number[]): Float32Array[] {
    const { runtime, memory, shrinksNext } = this;
    // A run that fails must not make all that follow fail in the same way.
    this.shrinksNext = false;
    const rows = lengths.length;
    const made = [
      runtime.createTensor(memory.putIds(tokens), 'int64', [rows, tokens.length / rows]),
      runtime.createTensor(memory.putMask(lengths), 'int64', [rows, Math.max(...lengths)]),
      runtime.createTensor(memory.logitsOf(rows), 'float32', [rows, 1, this.vocabulary]),
    ] as const;
    try {
      inputs.set(0, made[0]);
      inputs.set(1, made[1]);
      outputs.set(0, made[2]);
      runtime.run(this.session, inputs, outputs, shrinksNext ? shrinkingRun(runtime) : null);
    } finally {
      for (const tensor of made) runtime.releaseTensor(tensor);
    }
    if (tokens.length > rows) this.tokensRead += tokens.length;
    if (shrinksNext) this.shrunk();
    return Array.from({ length: rows }, (_, index) => memory.rowOfLogits(index));
  }

  /** The next run gives back what reading took, where that is worth it. */
  endReading(): void {
    this.shrinksNext = this.tokensRead >= longRead;
  }

  private shrunk(): void {
    this.tokensRead = 0;
    this.onShrunk?.();
  }
}

/** The memory of one row, seen as several rows. */
interface Drafting {
  row: number;
  mirrors: readonly Mirror[];
  bound: Map<number, BoundTensors>;
}

interface BoundTensors extends Bound {
  tensors: Tensor[];
}

interface Bound {
  inputs: TensorList;
  outputs: TensorList;
}

/** Keys and values of each layer as one block of memory, row after row; a run sees some neighbouring rows of it. */
class InPlaceBank implements Bank {
  readonly isBatched = true;
  readonly longestVerify: number;
  private readonly memory: Block;
  private readonly blocks: { pointer: Pointer; data: Float32Array }[];
  private drafting: Drafting | undefined;
  private readonly bound = new Map<string, BoundTensors>();
  private readonly rowSize: number;
  private readonly headSize: number;

  constructor(
    private readonly graph: InPlaceGraph,
    readonly rows: number,
    readonly capacity: number,
  ) {
    const { keyValueHeads, headSize, past } = graph.shape;
    this.headSize = capacity * headSize;
    this.rowSize = keyValueHeads * this.headSize;
    const size = rows * this.rowSize;
    this.memory = allocateBlock(floatBytes * size * past.length);
    this.longestVerify = this.memory.canMirror(floatBytes * this.rowSize) ? maxVerify : 1;
    this.blocks = past.map((_, index) => ({
      pointer: this.memory.pointer + BigInt(floatBytes * size * index),
      data: new Float32Array(this.memory.view, floatBytes * size * index, size),
    }));
  }

  async read(row: number, tokens: readonly number[], position: number): Promise<Float32Array> {
    const [logits] = await this.inTurn(() =>
      this.graph.run(this.bindRows(row, 1), tokens, [position + tokens.length]),
    );
    if (!logits) throw new Error('The graph gave no logits.');
    return logits;
  }

  step(first: number, tokens: readonly number[], positions: readonly number[]): Promise<Float32Array[]> {
    const lengths = positions.map((position) => position + 1);
    return this.inTurn(() => this.graph.run(this.bindRows(first, tokens.length), tokens, lengths));
  }

  verify(row: number, tokens: readonly number[], position: number): Promise<Float32Array[]> {
    return this.inTurn(() => {
      const lengths = tokens.map((_, index) => position + index + 1);
      return this.graph.run(this.bindMirrors(row, tokens.length), tokens, lengths);
    });
  }

  copy(row: number, source: InPlaceBank, sourceRow: number, from: number, to: number): void {
    const { headSize, keyValueHeads } = this.graph.shape;
    for (const [index, { data }] of this.blocks.entries()) {
      const given = source.blocks[index]?.data;
      for (let head = 0; head < keyValueHeads && given; head += 1) {
        const start = sourceRow * source.rowSize + head * source.headSize;
        const piece = given.subarray(start + from * headSize, start + to * headSize);
        data.set(piece, row * this.rowSize + head * this.headSize + from * headSize);
      }
    }
  }

  swap(a: number, b: number, lengthA: number, lengthB: number): void {
    const { headSize, keyValueHeads } = this.graph.shape;
    // One for all: with one for each head a swap of two long rows leaves 90 MB to be collected.
    const kept = new Float32Array(lengthA * headSize);
    for (const { data } of this.blocks) {
      for (let head = 0; head < keyValueHeads; head += 1) {
        const [left, right] = [a, b].map((row) => row * this.rowSize + head * this.headSize) as [
          number,
          number,
        ];
        kept.set(data.subarray(left, left + kept.length));
        data.copyWithin(left, right, right + lengthB * headSize);
        data.set(kept, right);
      }
    }
  }

  endReading(): void {
    this.graph.endReading();
  }

  endDrafting(): void {
    for (const bound of this.drafting?.bound.values() ?? []) this.unbind(bound);
    for (const mirror of this.drafting?.mirrors ?? []) mirror.release();
    this.drafting = undefined;
  }

  release(): void {
    this.endDrafting();
    for (const bound of this.bound.values()) this.unbind(bound);
    this.memory.release();
  }

  /** A fault of the graph is a rejection, as with every other bank. */
  private inTurn<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => resolve(work()));
  }

  private bindRows(first: number, count: number): Bound {
    const key = `${String(first)}+${String(count)}`;
    const offset = BigInt(first * this.rowSize * floatBytes);
    const bound =
      this.bound.get(key) ??
      this.bindAt(
        this.blocks.map(({ pointer }) => pointer + offset),
        count,
      );
    this.bound.set(key, bound);
    return bound;
  }

  private bindMirrors(row: number, count: number): Bound {
    if (this.drafting?.row !== row) this.endDrafting();
    this.drafting ??= { row, mirrors: this.mirrorsOf(row), bound: new Map() };
    const { mirrors, bound: known } = this.drafting;
    const bound = known.get(count) ?? this.bindCopies(mirrors, count);
    known.set(count, bound);
    return bound;
  }

  private bindCopies(mirrors: readonly Mirror[], count: number): BoundTensors {
    for (const mirror of mirrors) mirror.extend(count);
    const pointers = mirrors.map(({ pointer }) => pointer);
    return this.bindAt(pointers, count);
  }

  private mirrorsOf(row: number): Mirror[] {
    const bytes = floatBytes * this.rowSize;
    return this.blocks.map((_, index) => {
      const mirror = this.memory.mirror((index * this.rows + row) * bytes, bytes, this.longestVerify);
      if (!mirror) throw new Error('The memory of a row cannot be mirrored here.');
      return mirror;
    });
  }

  private bindAt(pointers: readonly Pointer[], count: number): BoundTensors {
    const { keyValueHeads, headSize } = this.graph.shape;
    const shape = [count, keyValueHeads, this.capacity, headSize];
    const tensors = pointers.map((pointer) => this.graph.runtime.createTensor(pointer, 'float32', shape));
    return { ...this.graph.bind(tensors), tensors };
  }

  private unbind({ inputs, outputs, tensors }: BoundTensors): void {
    for (const tensor of tensors) this.graph.runtime.releaseTensor(tensor);
    inputs.release();
    outputs.release();
  }
}
