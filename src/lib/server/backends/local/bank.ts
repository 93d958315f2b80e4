/**
 * The keys and values of several token sequences, a row for each, and the graph that reads and extends them. Whoever
 * uses a bank knows how many positions of each row are filled; a position is in tokens from the start of the sequence.
 */
export interface Bank {
  readonly rows: number;
  /** Positions that each row has room for. */
  readonly capacity: number;
  /**
   * Whether `step` computes its rows together, so that eight rows cost much less than eight steps. Where it does not,
   * rows are independent and nothing is gained by keeping them next to each other.
   */
  readonly isBatched: boolean;
  /** Whether `read` can return the logits of more than the last position, which verifying drafts needs. */
  readonly canKeepLogits: boolean;
  /**
   * Reads `tokens` into a row after its first `position` positions; what the row held beyond is forgotten. Returns the
   * logits of the last `keep` (default 1) of them, oldest first. They are valid until the next call on any bank of the
   * same graph and may be changed by the caller. Throws with ONNX Runtime's own words.
   */
  read(row: number, tokens: readonly number[], position: number, keep?: number): Promise<Float32Array[]>;
  /**
   * One more token for each of the rows `first`, `first + 1`, ...: `tokens[i]` at `positions[i]` of row `first + i`.
   * Returns the logits of each, as `read` does.
   */
  step(first: number, tokens: readonly number[], positions: readonly number[]): Promise<Float32Array[]>;
  /** Copies the positions `from` up to (not including) `to` of a row of `source`, a bank of the same graph, to `row`. */
  copy(row: number, source: Bank, sourceRow: number, from: number, to: number): void;
  /** Exchanges two rows, of which `a` holds `lengthA` positions and `b` holds `lengthB`. */
  swap(a: number, b: number, lengthA: number, lengthB: number): void;
  /** Gives the memory back; the bank is not used again. */
  release(): void;
}

/** A loaded decoder graph, through one of the bindings. */
export interface DecoderGraph {
  readonly vocabulary: number;
  /** Allocates memory for `rows` sequences of up to `capacity` tokens, touched only as it is filled. */
  createBank(rows: number, capacity: number): Bank;
  release(): void;
}
