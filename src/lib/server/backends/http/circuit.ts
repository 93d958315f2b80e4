/** When a circuit opens, and for how long. */
export interface CircuitTiming {
  /** Failures in a row after which it opens. */
  failures: number;
  /** Milliseconds that it stays open at first; each trial that fails doubles them, up to `longestOpenMs`. */
  openMs: number;
  longestOpenMs: number;
}

/** What came of the request that tried a server. `busy`: it is there, and answers nobody now; `abandoned` tells nothing. */
export type TrialOutcome = 'answered' | 'busy' | 'failed' | 'abandoned';

export const usualCircuitTiming: CircuitTiming = { failures: 3, openMs: 5000, longestOpenMs: 60_000 };

/**
 * Remembers whether a server answers. `closed`: it does, as far as is known. `open`: it failed so often in a row that it
 * is passed over. `due`: it was passed over for long enough, and one request may try it.
 */
export class Circuit {
  private failed = 0;
  private openUntil = 0;
  private openMs: number;
  private trial: { outcome: Promise<TrialOutcome>; end: (outcome: TrialOutcome) => void } | undefined;

  constructor(
    private readonly timing: CircuitTiming = usualCircuitTiming,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.openMs = timing.openMs;
  }

  get state(): 'closed' | 'due' | 'open' {
    if (this.failed < this.timing.failures) return 'closed';
    return this.isTried || this.now() < this.openUntil ? 'open' : 'due';
  }

  /** Whether even a request that has nowhere else to go must leave it alone: another one is trying it. */
  get isTried(): boolean {
    return this.trial !== undefined;
  }

  /** What the request that tries it comes to. */
  get outcome(): Promise<TrialOutcome> {
    return this.trial?.outcome ?? Promise.resolve('abandoned');
  }

  /** The instant, in milliseconds of `now`, from which it may be tried. */
  get dueAt(): number {
    return this.openUntil;
  }

  /** A request goes out. While the circuit is not closed, it is the one that tries. */
  begin(): void {
    if (this.state !== 'closed') this.trial ??= newTrial();
  }

  /** The request came to nothing that tells anything: it was aborted. */
  abandon(): void {
    this.endTrial('abandoned');
  }

  succeed(): void {
    this.failed = 0;
    this.openMs = this.timing.openMs;
    this.endTrial('answered');
  }

  /** Returns whether this failure opened the circuit. */
  fail(outcome: 'busy' | 'failed' = 'failed'): boolean {
    const wasOpen = this.failed >= this.timing.failures;
    this.failed += 1;
    this.endTrial(outcome);
    if (this.failed < this.timing.failures) return false;
    if (wasOpen) this.openMs = Math.min(this.openMs * 2, this.timing.longestOpenMs);
    this.openUntil = this.now() + this.openMs;
    return !wasOpen;
  }

  private endTrial(outcome: TrialOutcome): void {
    this.trial?.end(outcome);
    this.trial = undefined;
  }
}

function newTrial() {
  let end: (outcome: TrialOutcome) => void = () => undefined;
  const outcome = new Promise<TrialOutcome>((resolve) => (end = resolve));
  return { outcome, end };
}
