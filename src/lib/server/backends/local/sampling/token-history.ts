/** The tokens of one sequence, prompt and answer, and what the processors ask about them. */
export class TokenHistory {
  private constructor(
    private readonly tokens: number[],
    private readonly promptLength: number,
    /** How often each token occurs in the answer; 0 for one that only the prompt has. */
    private readonly counts: Map<number, number>,
  ) {}

  static of(prompt: readonly number[]): TokenHistory {
    return new TokenHistory([...prompt], prompt.length, new Map(prompt.map((token) => [token, 0])));
  }

  /** Prompt and answer together. */
  get length(): number {
    return this.tokens.length;
  }

  get answerLength(): number {
    return this.tokens.length - this.promptLength;
  }

  /** Every token of prompt and answer once, with how often the answer has it. */
  get occurrences(): ReadonlyMap<number, number> {
    return this.counts;
  }

  at(index: number): number | undefined {
    return this.tokens[index];
  }

  add(token: number): void {
    this.tokens.push(token);
    this.counts.set(token, (this.counts.get(token) ?? 0) + 1);
  }

  /** Whether the first `count` tokens of `sequence` are the last ones here. */
  endsWith(sequence: readonly number[], count: number): boolean {
    const from = this.tokens.length - count;
    if (from < 0) return false;
    for (let index = 0; index < count; index += 1) {
      if (this.tokens[from + index] !== sequence[index]) return false;
    }
    return true;
  }

  copy(): TokenHistory {
    return new TokenHistory(this.tokens.slice(), this.promptLength, new Map(this.counts));
  }
}
