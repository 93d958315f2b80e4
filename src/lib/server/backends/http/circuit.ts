/** When a circuit opens, and for how long. */
export interface CircuitTiming {
  /** Failures in a row after which it opens. */
  failures: number;
  /** Milliseconds that it stays open at first; each trial that fails doubles them, up to `longestOpenMs`. */
  openMs: number;
  longestOpenMs: number;
}

export const usualCircuitTiming: CircuitTiming = { failures: 3, openMs: 5000, longestOpenMs: 60_000 };

/**
 * Remembers whether a server answers. `closed`: it does, as far as is known. `open`: it failed so often in a row that it
 * is passed over. `due`: it was passed over for long enough, and one request may try it.
 */
export class Circuit {
  private failed = 0;
  private openUntil = 0;
  private openMs: number;
  private isTrying = false;

  constructor(
    private readonly timing: CircuitTiming = usualCircuitTiming,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.openMs = timing.openMs;
  }

  get state(): 'closed' | 'due' | 'open' {
    if (this.failed < this.timing.failures) return 'closed';
    return this.isTrying || this.now() < this.openUntil ? 'open' : 'due';
  }

  /** Whether even a request that has nowhere else to go must leave it alone: another one is trying it. */
  get isTried(): boolean {
    return this.isTrying;
  }

  /** The instant, in milliseconds of `now`, from which it may be tried. */
  get dueAt(): number {
    return this.openUntil;
  }

  /** A request goes out. While the circuit is not closed, it is the only one. */
  begin(): void {
    this.isTrying = this.state !== 'closed';
  }

  /** The request came to nothing that tells anything: it was aborted. */
  abandon(): void {
    this.isTrying = false;
  }

  succeed(): void {
    this.isTrying = false;
    this.failed = 0;
    this.openMs = this.timing.openMs;
  }

  /** Returns whether this failure opened the circuit. */
  fail(): boolean {
    const wasOpen = this.failed >= this.timing.failures;
    this.isTrying = false;
    this.failed += 1;
    if (this.failed < this.timing.failures) return false;
    if (wasOpen) this.openMs = Math.min(this.openMs * 2, this.timing.longestOpenMs);
    this.openUntil = this.now() + this.openMs;
    return !wasOpen;
  }
}
