import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** Threads that wait for work by turning in a circle rest after some milliseconds. */
const restMs = 100;
const sampleMs = 200;
/** Up to this share of the processors something else may do. */
const limit = 0.1;

/** Waits between two measurements until the machine does little else, and knows how much it did in the end. */
export class Quiet {
  private readonly shares: number[] = [];

  /** `patienceMs`: how long it waits at the most. */
  constructor(private readonly patienceMs: number) {}

  async wait(): Promise<void> {
    await delay(restMs);
    const until = performance.now() + this.patienceMs;
    let share = await busyShare();
    while (share > limit && performance.now() < until) share = await busyShare();
    this.shares.push(share);
  }

  /** The mean share of the processors that other programs had just before a measurement. */
  get busy(): number {
    return this.shares.reduce((sum, share) => sum + share, 0) / this.shares.length;
  }
}

async function busyShare(): Promise<number> {
  const before = processorTimes();
  await delay(sampleMs);
  const after = processorTimes();
  return (after.busy - before.busy) / (after.all - before.all);
}

function processorTimes(): { busy: number; all: number } {
  const each = cpus().map(({ times }) => times);
  const all = each.flatMap((times) => Object.values(times)).reduce((sum, ms) => sum + ms, 0);
  return { all, busy: all - each.reduce((sum, { idle }) => sum + idle, 0) };
}
