/** Cautious: English has about 4 bytes for each token, code and most other languages between 2.5 and 4. */
const bytesPerToken = 3;
/** What was learned counts a little more than it was: the next text may be of another kind. */
const margin = 1.1;
/** How much of the way a lower figure moves the factor. A higher one counts at once: too long is worse than too short. */
const easing = 0.3;
const least = 0.5;
const most = 4;
/** Of shorter prompts it is mostly the chat template that counts. */
const fewestTokens = 32;

/**
 * Guesses how many tokens a text has, from its length in UTF-8, and learns from what a server says afterwards that it read.
 */
export class TokenEstimate {
  private factor = 1;

  /** Tokens, rounded up. */
  of(text: string): number {
    return Math.ceil(raw(text) * this.factor);
  }

  /** `texts` were `tokens` tokens together. What cannot be (a server that leaves out what it had cached) is passed over. */
  learn(texts: readonly string[], tokens: number): void {
    const expected = texts.reduce((sum, text) => sum + raw(text), 0);
    if (tokens < fewestTokens || expected < fewestTokens) return;
    const found = (tokens / expected) * margin;
    if (found < least / 2 || found > most) return;
    const next = found > this.factor ? found : this.factor + (found - this.factor) * easing;
    this.factor = Math.max(least, next);
  }
}

function raw(text: string): number {
  return Buffer.byteLength(text) / bytesPerToken;
}
