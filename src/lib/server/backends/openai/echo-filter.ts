/**
 * Takes away the beginning of an answer where a model that was asked to go on from a text writes that text again. What
 * may still be the text is held back.
 */
export class EchoFilter {
  private held = '';
  private isOver: boolean;

  constructor(private readonly given: string) {
    this.isOver = given.trim() === '';
  }

  push(piece: string): string {
    if (this.isOver) return piece;
    this.held += piece;
    const given = this.given.trim();
    const begun = this.held.trimStart();
    if (given.startsWith(begun) && begun.length < given.length) return '';
    const text = begun.startsWith(given) ? begun.slice(given.length) : this.held;
    this.isOver = true;
    this.held = '';
    return text;
  }

  /** What was held back: it was no repetition, the answer is only short. */
  end(): string {
    const rest = this.isOver ? '' : this.held;
    this.isOver = true;
    this.held = '';
    return rest;
  }
}
