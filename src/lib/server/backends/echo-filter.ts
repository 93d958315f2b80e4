/**
 * Takes away the beginning of an answer where that is the text that it shall go on from: models that were asked to write
 * it again, and llama.cpp since 2026 sends a start that it was given. What may still be the text is held back.
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
    const text = begun.startsWith(given) ? this.withoutSpace(begun.slice(given.length)) : this.held;
    this.isOver = true;
    this.held = '';
    return text;
  }

  /** The space at the end of the text is there once already. */
  private withoutSpace(text: string): string {
    const space = this.given.slice(this.given.trimEnd().length);
    return text.startsWith(space) ? text.slice(space.length) : text;
  }

  /** What was held back: it was no repetition, the answer is only short. */
  end(): string {
    const rest = this.isOver ? '' : this.held;
    this.isOver = true;
    this.held = '';
    return rest;
  }
}
