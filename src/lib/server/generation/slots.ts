/**
 * The places of one backend. Whoever finds none free waits in a line, first come first served, and is told the place
 * in it whenever that changes (1 is next).
 */
export class Slots {
  private taken = 0;
  private readonly line: Waiter[] = [];

  /** `size` absent: no limit. */
  constructor(private readonly size: number = Infinity) {}

  /** Resolves with the function that gives the place back, or `undefined` when the signal aborted first. */
  acquire(signal: AbortSignal, onPosition: (position: number) => void): Promise<(() => void) | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.taken < this.size) {
      this.taken += 1;
      return Promise.resolve(this.releaser());
    }
    return new Promise((resolve) => {
      const waiter: Waiter = { onPosition, start: () => resolve(this.releaser()) };
      const leave = () => {
        const index = this.line.indexOf(waiter);
        if (index === -1) return;
        this.line.splice(index, 1);
        this.tellPositions(index);
        resolve(undefined);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.line.push(waiter);
      onPosition(this.line.length);
    });
  }

  private releaser(): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.line.shift();
      if (!next) {
        this.taken -= 1;
        return;
      }
      next.start();
      this.tellPositions(0);
    };
  }

  private tellPositions(from: number): void {
    for (const [index, waiter] of this.line.entries()) if (index >= from) waiter.onPosition(index + 1);
  }
}

interface Waiter {
  onPosition: (position: number) => void;
  start: () => void;
}
