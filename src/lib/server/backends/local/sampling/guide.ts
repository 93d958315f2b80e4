/** What allows only some tokens at each place of an answer, such as a grammar; it follows one sequence. */
export interface Guide {
  /** Whether the answer is whole and nothing but its end may follow. */
  readonly isFinished: boolean;
  /** Forbids the tokens that may not follow; answers whether one that may follow is not forbidden. */
  mask(logits: Float32Array): boolean;
  /**
   * The token, or another one where the answer could not become whole any more within `room` tokens, the token included,
   * if it went on with this one. As it is where no way to do that is known.
   */
  steer(token: number, room: number): number;
  /** What follows a token that may not follow cannot be asked: `mask` throws. */
  accept(token: number): void;
  fork(): Guide;
  /** Gives memory back; neither this nor what was forked from it is used again. */
  release(): void;
}
