import type { Logger } from 'pino';
import type { EntryBatch, GenerationStore } from '../storage/storage';
import type { EventLog } from './event-log';

/** How often the logs of all runs are stored: what a killed process loses at most, with the time of one write. */
export const flushIntervalMs = 250;

/** Stores the logs of all living runs together, so that the cost follows the clock and not the number of tokens. */
export class Flusher {
  private readonly logs = new Set<EventLog>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly store: GenerationStore,
    private readonly log: Logger,
  ) {}

  add(log: EventLog): void {
    this.logs.add(log);
    this.timer ??= setInterval(() => void this.flush(), flushIntervalMs);
  }

  remove(log: EventLog): void {
    this.logs.delete(log);
    if (this.logs.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Stores what there is now. Never throws: what could not be stored stays in its log for the next time. */
  flush(): Promise<void> {
    if (!this.running) {
      this.running = this.storeAll().finally(() => (this.running = undefined));
      return this.running;
    }
    // One write is under way and may have missed what the caller wants stored: one more follows it, for all who ask.
    this.next ??= this.running.then(() => {
      this.next = undefined;
      return this.flush();
    });
    return this.next;
  }

  private async storeAll(): Promise<void> {
    const logs: EventLog[] = [];
    const batches: EntryBatch[] = [];
    for (const log of this.logs) {
      const batch = log.unstored();
      if (!batch) continue;
      logs.push(log);
      batches.push(batch);
    }
    if (batches.length === 0) return;
    try {
      const outcomes = await this.store.append(batches);
      this.isFailing = false;
      outcomes.forEach((outcome, index) => {
        if (outcome === 'collided') logs[index]?.lose();
        else logs[index]?.confirm(batches[index]?.entries.at(-1)?.seq ?? 0);
      });
    } catch (thrown) {
      if (!this.isFailing) this.log.error({ err: thrown, runs: logs.length }, 'answers could not be stored');
      this.isFailing = true;
    }
  }
}
