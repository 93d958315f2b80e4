/**
 * The keys and values of several token sequences, a row for each, and the graph that reads and extends them. Whoever
 * uses a bank knows how many positions of each row are filled; a position is in tokens from the start of the sequence.
 * Logits are valid until the next call on any bank of the same graph, and the caller may change them.
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
  /** Most tokens that `verify` takes; 1 where it gains nothing. */
  readonly longestVerify: number;
  /**
   * Reads `tokens` (512 at most) into a row after its first `position` positions; what the row held beyond is
   * forgotten. Returns the logits after the last of them. Throws with ONNX Runtime's own words.
   */
  read(row: number, tokens: readonly number[], position: number): Promise<Float32Array>;
  /**
   * One more token for each of the rows `first`, `first + 1`, ...: `tokens[i]` at `positions[i]` of row `first + i`.
   * Returns the logits after each.
   */
  step(first: number, tokens: readonly number[], positions: readonly number[]): Promise<Float32Array[]>;
  /**
   * Adds `tokens` to one row, as `tokens.length` steps would, bit for bit, in the time of far fewer. Returns the logits
   * after each of them.
   */
  verify(row: number, tokens: readonly number[], position: number): Promise<Float32Array[]>;
  /** Gives back what only `verify` needs. */
  endDrafting(): void;
  /** Nobody reads any more: what only long pieces need is given back after the next call. */
  endReading(): void;
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
