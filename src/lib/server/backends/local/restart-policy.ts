/** After so many crashes within a minute the engine stays down until the first of them is a minute ago. */
export const maxCrashes = 5;
export const crashWindowMs = 60_000;
const firstWaitMs = 250;

/** When an engine that crashed may start again. Instants are monotonic, in milliseconds. */
export class RestartPolicy {
  private crashes: number[] = [];

  crashed(nowMs: number): void {
    this.crashes.push(nowMs);
  }

  /** Time until a start is allowed again; 0 unless it crashed too often. */
  closedForMs(nowMs: number): number {
    this.forget(nowMs);
    const [first] = this.crashes;
    if (first === undefined || this.crashes.length < maxCrashes) return 0;
    return first + crashWindowMs - nowMs;
  }

  /** How long to wait before the next start: nothing after one crash, then longer with each. */
  waitMs(nowMs: number): number {
    this.forget(nowMs);
    return this.crashes.length < 2 ? 0 : firstWaitMs * 2 ** (this.crashes.length - 2);
  }

  private forget(nowMs: number): void {
    this.crashes = this.crashes.filter((at) => at > nowMs - crashWindowMs);
  }
}
