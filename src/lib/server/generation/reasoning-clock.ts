import type { TextKind } from '../../domain/parts';

/** How long a run has spent on reasoning. */
export class ReasoningClock {
  private totalMs: number | undefined;
  private sinceMs: number | undefined;

  /** A piece of text has come: reasoning begins with the first of its kind, and ends with any other. */
  note(kind: TextKind): void {
    if (kind === 'reasoning') this.sinceMs ??= performance.now();
    else this.stop();
  }

  /** Ends what goes on. Returns the sum in milliseconds; absent when there was no reasoning. */
  stop(): number | undefined {
    if (this.sinceMs !== undefined) this.totalMs = (this.totalMs ?? 0) + performance.now() - this.sinceMs;
    this.sinceMs = undefined;
    return this.totalMs;
  }
}
