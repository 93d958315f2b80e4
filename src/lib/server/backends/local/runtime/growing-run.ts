import type { ElementType } from '../onnx-runtime';
import { CachedSequence, emptySequence } from './cached-sequence';
import type { DecoderDescription, NumberInput } from './describe-decoder';
import { float16Values } from './float16';
import type { GraphRunner, GraphTensor, PreparedRun } from './graph-runner';
import { UnsuitableGraphError } from './signature';

/** Most memory for the logits of one run, where a graph gives those of every position. */
const mostLogitsBytes = 2 ** 26;

/** What a run gave: the extended cache and the logits, as bytes of the graph's own type. */
interface Output {
  sequence: CachedSequence;
  logits: GraphTensor;
}

/**
 * Runs a decoder graph whose present keys and values are new tensors, longer than the past ones: what Optimum and
 * Transformers.js export. Each run copies the whole cache inside the graph.
 */
export class GrowingRun {
  readonly empty: CachedSequence;
  private readonly prepared: PreparedRun;
  private readonly scratch: Float32Array[] = [];
  private size = 0;
  /** Whether every position's logits come out, whatever is asked for. */
  private givesAllLogits = false;

  private constructor(
    readonly runner: GraphRunner,
    readonly decoder: DecoderDescription,
  ) {
    this.prepared = prepare(runner, decoder);
    this.empty = emptySequence(runner, decoder.caches);
  }

  /**
   * Reads two tokens to see what comes out. Throws `UnsuitableGraphError`, or with ONNX Runtime's own words; the runner is
   * still the caller's then.
   */
  static async open(runner: GraphRunner, decoder: DecoderDescription): Promise<GrowingRun> {
    const run = new GrowingRun(runner, decoder);
    try {
      await run.lookAtLogits();
    } catch (thrown) {
      run.forget();
      throw thrown;
    }
    return run;
  }

  get vocabulary(): number {
    return this.size;
  }

  /** Most tokens that one run should read. */
  get pieceSize(): number {
    return this.givesAllLogits ? Math.max(1, Math.floor(mostLogitsBytes / (4 * this.vocabulary))) : Infinity;
  }

  release(): void {
    this.forget();
    this.runner.release();
  }

  /** One run: reads `tokens` after `past`. */
  async run(past: CachedSequence, tokens: readonly number[]): Promise<Output> {
    const made = this.numbersFor(past.length, tokens);
    try {
      const [logits, ...tensors] = await this.prepared.run([...made, ...past.tensors]);
      if (!logits) throw new Error('The graph gave no logits.');
      return { logits, sequence: new CachedSequence(tensors, past.length + tokens.length) };
    } finally {
      for (const tensor of made) tensor.release();
    }
  }

  /** The last position's logits, in the memory of this graph for its place `at`. */
  copyLogits(logits: GraphTensor, at: number): Float32Array {
    const vocabulary = this.size;
    const width = this.decoder.logits.type === 'float32' ? 4 : 2;
    const target = (this.scratch[at] ??= new Float32Array(vocabulary));
    const offset = ((logits.dims[1] ?? 1) - 1) * vocabulary * width;
    const { buffer, byteOffset } = logits.bytes(offset, vocabulary * width);
    if (width === 4) target.set(new Float32Array(buffer, byteOffset, vocabulary));
    else convert(new Uint16Array(buffer, byteOffset, vocabulary), target);
    return target;
  }

  /** Everything that a run reads beside the cache, in the order of `prepare`. */
  private numbersFor(position: number, tokens: readonly number[]): GraphTensor[] {
    const { ids, attentionMask, positionIds, useCacheBranch, logitsToKeep } = this.decoder;
    const count = tokens.length;
    const made: GraphTensor[] = [];
    const add = (input: NumberInput | undefined, dims: readonly number[], at: (index: number) => number) => {
      if (input)
        made.push(this.runner.createTensor(input.type, dims, (memory) => fill(memory, input.type, at)));
    };
    add(ids, [1, count], (index) => tokens[index] ?? 0);
    add(attentionMask, [1, position + count], () => 1);
    add(positionIds, [1, count], (index) => position + index);
    add(useCacheBranch, useCacheBranch?.rank === 0 ? [] : [1], () => (position > 0 ? 1 : 0));
    add(logitsToKeep, logitsToKeep?.rank === 0 ? [] : [1], () => 1);
    return made;
  }

  private async lookAtLogits(): Promise<void> {
    const { sequence, logits } = await this.run(this.empty, [0, 0]);
    try {
      const [, positions = 0, vocabulary = 0] = logits.dims;
      const isGrown = this.decoder.caches.every(
        ({ sequenceAxis }, index) => sequence.tensors[index]?.dims[sequenceAxis] === 2,
      );
      if (!isGrown)
        throw new UnsuitableGraphError('The caches of the graph do not grow by one position for each token.');
      if (positions !== 1 && positions !== 2)
        throw new UnsuitableGraphError(
          `The graph gives logits of ${String(positions)} positions for two tokens.`,
        );
      this.size = vocabulary;
      this.givesAllLogits = positions === 2;
    } finally {
      sequence.leave();
      logits.release();
    }
  }

  /** Gives back what it made; the runner stays. */
  forget(): void {
    this.prepared.release();
    this.empty.leave();
  }
}

function prepare(runner: GraphRunner, decoder: DecoderDescription): PreparedRun {
  const { ids, attentionMask, positionIds, useCacheBranch, logitsToKeep, logits, caches } = decoder;
  const numbers = [ids, attentionMask, positionIds, useCacheBranch, logitsToKeep];
  return runner.prepare(
    [...numbers.flatMap((input) => (input ? [input.name] : [])), ...caches.map(({ past }) => past)],
    [logits.name, ...caches.map(({ present }) => present)],
  );
}

function fill(memory: ArrayBuffer, type: ElementType, at: (index: number) => number): void {
  if (type === 'int64') {
    const target = new BigInt64Array(memory);
    for (let index = 0; index < target.length; index += 1) target[index] = BigInt(at(index));
    return;
  }
  const target =
    type === 'int32'
      ? new Int32Array(memory)
      : type === 'float32'
        ? new Float32Array(memory)
        : new Uint8Array(memory);
  for (let index = 0; index < target.length; index += 1) target[index] = at(index);
}

function convert(bits: Uint16Array, target: Float32Array): void {
  const values = float16Values();
  for (let index = 0; index < target.length; index += 1) target[index] = values[bits[index] ?? 0] ?? NaN;
}
