/** Tells when nothing has been heard for too long. */
export class SilenceWatch {
  private timer: NodeJS.Timeout | undefined;
  private round = 0;

  constructor(private readonly onSilence: () => void) {}

  /** Something was heard: the next must come within `limitMs`; nothing need come when that is absent. */
  heard(limitMs: number | undefined): void {
    this.round += 1;
    clearTimeout(this.timer);
    if (limitMs === undefined) return;
    const { round } = this;
    this.timer = setTimeout(() => {
      // When it was our own loop that stood still, what was said meanwhile is read first.
      setImmediate(() => {
        if (round === this.round) this.onSilence();
      });
    }, limitMs);
  }
}
