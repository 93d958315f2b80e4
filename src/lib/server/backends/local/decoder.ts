import { setImmediate as nextTurn } from 'node:timers/promises';
import { allocate, TensorList, type OnnxRuntime, type Pointer, type Tensor } from './onnx-runtime';

/** Sizes of a decoder graph, from its `config.json`. */
export interface DecoderShape {
  layers: number;
  keyValueHeads: number;
  headSize: number;
  vocabulary: number;
  contextLength: number;
}

/** Prompt tokens read in one step: a stop is noticed between two of them. */
const prefillPiece = 256;

/** The keys and values of one token sequence, in memory that the graph reads and appends to in place. */
export class KeyValueCache {
  private readonly tensors: Tensor[];

  constructor(runtime: OnnxRuntime, shape: DecoderShape) {
    const { layers, keyValueHeads, headSize, contextLength } = shape;
    const sizes = [1, keyValueHeads, contextLength, headSize];
    const bytes = 4 * keyValueHeads * contextLength * headSize;
    this.tensors = Array.from({ length: 2 * layers }, () =>
      runtime.createTensor(allocate(bytes).pointer, 'float32', sizes),
    );
  }

  /** Puts the same tensors in as past and out as present: the kernel then appends and copies nothing. */
  bind(inputs: TensorList, outputs: TensorList): void {
    for (const [index, tensor] of this.tensors.entries()) {
      inputs.set(index + 2, tensor);
      outputs.set(index + 1, tensor);
    }
  }
}

/** A decoder graph with its own memory for tokens, mask and logits. */
export class Decoder {
  /** Of the last position of the last step; overwritten by the next. */
  readonly logits: Float32Array;
  private readonly session: Pointer;
  private readonly inputs: TensorList;
  private readonly outputs: TensorList;
  private readonly ids: { pointer: Pointer; data: BigInt64Array };
  private readonly mask: Pointer;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly shape: DecoderShape,
    { path, threads }: { path: string; threads: number },
  ) {
    this.session = runtime.createSession(path, threads);
    const layers = Array.from({ length: shape.layers }, (_, layer) => layer);
    const past = layers.flatMap((layer) =>
      ['key', 'value'].map((kind) => `past_key_values.${String(layer)}.${kind}`),
    );
    const present = layers.flatMap((layer) =>
      ['key', 'value'].map((kind) => `present.${String(layer)}.${kind}`),
    );
    this.inputs = new TensorList(['input_ids', 'attention_mask', ...past]);
    this.outputs = new TensorList(['logits', ...present]);
    const logits = allocate(4 * shape.vocabulary);
    this.logits = new Float32Array(logits.view);
    this.outputs.set(0, runtime.createTensor(logits.pointer, 'float32', [1, 1, shape.vocabulary]));
    const ids = allocate(8 * prefillPiece);
    this.ids = { pointer: ids.pointer, data: new BigInt64Array(ids.view) };
    const mask = allocate(8 * shape.contextLength);
    new BigInt64Array(mask.view).fill(1n);
    this.mask = mask.pointer;
  }

  /** An empty cache for one sequence of up to the whole context. */
  createCache(): KeyValueCache {
    return new KeyValueCache(this.runtime, this.shape);
  }

  /**
   * Reads `tokens` after the first `position` tokens that the cache holds, piece by piece. Calls `onPiece` with how many
   * are read after each; ends early, with the number read, when it answers false.
   */
  async read(
    cache: KeyValueCache,
    tokens: readonly number[],
    position: number,
    onPiece: (read: number) => boolean,
  ): Promise<number> {
    for (let read = 0; read < tokens.length;) {
      const piece = tokens.slice(read, read + prefillPiece);
      this.step(cache, piece, position + read);
      read += piece.length;
      await nextTurn();
      if (!onPiece(read)) return read;
    }
    return tokens.length;
  }

  /** One run of the graph; `logits` then holds what may follow the last of `tokens`. */
  step(cache: KeyValueCache, tokens: readonly number[], position: number): void {
    for (const [index, token] of tokens.entries()) this.ids.data[index] = BigInt(token);
    const ids = this.runtime.createTensor(this.ids.pointer, 'int64', [1, tokens.length]);
    const mask = this.runtime.createTensor(this.mask, 'int64', [1, position + tokens.length]);
    try {
      this.inputs.set(0, ids);
      this.inputs.set(1, mask);
      cache.bind(this.inputs, this.outputs);
      this.runtime.run(this.session, this.inputs, this.outputs);
    } finally {
      this.runtime.releaseTensor(ids);
      this.runtime.releaseTensor(mask);
    }
  }
}
