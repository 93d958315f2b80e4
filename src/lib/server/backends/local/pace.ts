/** How much a new measurement counts. */
const weight = 0.2;
/** So much one measurement changes what a row costs: the first call with a draft, and one that had to wait, tell little. */
const mostChange = 0.02;
/** So long may one call of the graph take: a stop is noticed between two. In milliseconds. */
const aloneMs = 200;
/** The same while others write, who wait for it. */
const sharedMs = 60;
const shortestPiece = 16;
const longestPiece = 512;

/** How fast this machine reads and writes at the moment, and what follows from that for the next call of the graph. */
export class Pace {
  /** `readMs`: what one token of a prompt takes, as measured when the model was loaded; in milliseconds. */
  constructor(private readMs: number) {}

  private stepMs: number | undefined;
  /** What one more row costs, as a share of a step: about a quarter for the bundled model. */
  rowCost = 0.26;

  /** Prompt tokens to read in the next call. Never leaves a single token over: it would be read in another way. */
  pieceOf(unread: number, areOthersWriting: boolean): number {
    const fitting = Math.floor((areOthersWriting ? sharedMs : aloneMs) / this.readMs / 16) * 16;
    const piece = Math.min(unread, longestPiece, Math.max(shortestPiece, fitting));
    return unread - piece === 1 ? piece - 1 : piece;
  }

  /** A call read `tokens` in `ms`. */
  noteRead(tokens: number, ms: number): void {
    this.readMs += weight * (ms / tokens - this.readMs);
  }

  /** A step of one row took `ms`. */
  noteStep(ms: number): void {
    this.stepMs = this.stepMs === undefined ? ms : this.stepMs + weight * (ms - this.stepMs);
  }

  /** A call verified `tokens` in `ms`. */
  noteVerified(tokens: number, ms: number): void {
    if (this.stepMs === undefined || tokens < 2) return;
    const cost = Math.min(1, Math.max(0.05, (ms / this.stepMs - 1) / (tokens - 1)));
    const change = weight * (cost - this.rowCost);
    this.rowCost += Math.min(mostChange, Math.max(-mostChange, change));
  }
}
