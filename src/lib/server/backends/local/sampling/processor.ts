import type { TokenHistory } from './token-history';

/**
 * One rule that changes the logits of a sequence's next token, in place. A rule that follows the answer by itself
 * hears of every token and is copied with its sequence; one without state is shared.
 */
export interface Processor {
  process(logits: Float32Array, history: TokenHistory): void;
  accept?(token: number): void;
  fork?(): Processor;
}
