/**
 * Room to choose among so many tokens; kept between steps and shared by the sequences of a model, so that a token
 * allocates nothing. Nothing in it is valid beyond one choice.
 */
export class SamplingMemory {
  readonly tokens: Int32Array;
  readonly weights: Float64Array;
  private lazyLogits: Float32Array | undefined;
  private lazyOrder: { keys: Float64Array; order: Int32Array } | undefined;

  constructor(private readonly vocabulary: number) {
    this.tokens = new Int32Array(vocabulary);
    this.weights = new Float64Array(vocabulary);
  }

  /** A place for the logits as the model gave them. */
  get logits(): Float32Array {
    return (this.lazyLogits ??= new Float32Array(this.vocabulary));
  }

  /** Places to put tokens in another order than that of their logits. */
  get ordering(): { keys: Float64Array; order: Int32Array } {
    return (this.lazyOrder ??= {
      keys: new Float64Array(this.vocabulary),
      order: new Int32Array(this.vocabulary),
    });
  }
}
