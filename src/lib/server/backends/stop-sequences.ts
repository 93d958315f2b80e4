/**
 * Cuts streamed text before the first stop sequence. Text that may be the beginning of one is held back until it is
 * known not to be, so what was given out never contains one, however it was split.
 */
export class StopSequences {
  hasStopped = false;
  private held = '';
  private readonly sequences: readonly string[];

  constructor(sequences: readonly string[]) {
    this.sequences = sequences.filter((sequence) => sequence !== '');
  }

  /** Takes the next piece and returns what may be shown now. Nothing comes after the stop. */
  push(piece: string): string {
    if (this.hasStopped) return '';
    if (this.sequences.length === 0) return piece;
    const text = this.held + piece;
    const at = this.firstMatch(text);
    if (at !== -1) {
      this.hasStopped = true;
      this.held = '';
      return text.slice(0, at);
    }
    const keep = this.longestBeginning(text);
    this.held = text.slice(text.length - keep);
    return text.slice(0, text.length - keep);
  }

  /** Returns what was held back: the text is over, so no sequence can become whole. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }

  private firstMatch(text: string): number {
    let first = -1;
    for (const sequence of this.sequences) {
      const at = text.indexOf(sequence);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    return first;
  }

  /** Length of the longest end of `text` with which a sequence begins. */
  private longestBeginning(text: string): number {
    let longest = 0;
    for (const sequence of this.sequences) {
      for (let length = Math.min(sequence.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(sequence.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
