/**
 * The places of one backend. Whoever finds none free waits in a line, first come first served, and is told the place
 * in it whenever that changes (1 is next).
 */
export class Slots {
  private taken = 0;
  private readonly line: Waiter[] = [];
  /** Work that nobody waits for: it gets a place when the line is empty, and gives it back when it is not. */
  private readonly idle = new Set<IdleWork>();

  /** `size` absent: no limit. */
  constructor(private readonly size: number = Infinity) {}

  /** Resolves with the function that gives the place back, or `undefined` when the signal aborted first. */
  acquire(signal: AbortSignal, onPosition: (position: number) => void): Promise<(() => void) | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.taken < this.size) return Promise.resolve(this.take());
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
      this.askBack();
    });
  }

  /**
   * A place for work that nobody waits for, once it is free and the line is empty; `undefined` when the signal aborted
   * first. Its `wanted` aborts as soon as somebody stands in the line: it is to be given back then.
   */
  async acquireIdle(signal: AbortSignal): Promise<IdlePlace | undefined> {
    if (signal.aborted) return undefined;
    const work: IdleWork = { controller: new AbortController(), start: undefined };
    this.idle.add(work);
    const release = await (this.taken < this.size ? this.take() : this.untilIdle(work, signal));
    if (!release) return undefined;
    return {
      wanted: work.controller.signal,
      release: () => {
        this.idle.delete(work);
        release();
      },
    };
  }

  private untilIdle(work: IdleWork, signal: AbortSignal): Promise<(() => void) | undefined> {
    return new Promise((resolve) => {
      work.start = () => {
        work.start = undefined;
        resolve(this.take());
      };
      const leave = () => {
        if (!work.start) return;
        this.idle.delete(work);
        resolve(undefined);
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  private take(): () => void {
    this.taken += 1;
    return this.releaser();
  }

  /** One place for whoever stands in the line now. */
  private askBack(): void {
    const holder = [...this.idle].find((work) => !work.start && !work.controller.signal.aborted);
    holder?.controller.abort();
  }

  private releaser(): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.line.shift();
      if (!next) {
        this.taken -= 1;
        for (const { start } of this.idle) if (start) return start();
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

export interface IdlePlace {
  wanted: AbortSignal;
  release: () => void;
}

interface IdleWork {
  controller: AbortController;
  /** While it waits. */
  start: (() => void) | undefined;
}

interface Waiter {
  onPosition: (position: number) => void;
  start: () => void;
}
