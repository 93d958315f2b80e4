import type { Logger } from 'pino';
import { foldEntries } from '../../domain/apply-event';
import type { Generation } from '../../domain/generation';
import type { GenerationEvent, RunEnd } from '../../domain/generation-event';
import type { Storage } from '../storage/storage';
import type { Generations } from './generations';
import { allEntries } from './stored-source';

const beatMs = 5_000;
/** A process whose counter has stood still for so long, while storage answered, is dead. */
const deadAfterMs = 15_000;
const stopPollMs = 1_000;
const sweepMs = 60_000;
const batchSize = 100;
/** Deleted conversations and messages can be restored, and entries of ended runs be read again, for an hour. */
export const keptMs = 3_600_000;
/** A file that was attached waits so long for the message that shows it. */
const unusedFilesKeptMs = 24 * 3_600_000;

export interface ReaperOptions {
  storage: Storage;
  generations: Generations;
  processId: string;
  log: Logger;
  /** Monotonic, in milliseconds. */
  now?: () => number;
}

/** Keeps this process known as living, ends the runs of dead ones, obeys stop flags and clears what has expired. */
export class Reaper {
  private readonly seen = new Map<string, { counter: number; sinceMs: number }>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly now: () => number;

  constructor(private readonly options: ReaperOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** The first beat, the runs that a former process left behind, and the clocks. */
  async start(): Promise<void> {
    await this.beat();
    this.every(beatMs, () => this.beat());
    this.every(stopPollMs, () => this.options.generations.obeyStopRequests());
    this.every(sweepMs, () => this.sweep());
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.options.storage.processes.remove(this.options.processId);
  }

  /** Raises the counter of this process, then ends the runs of processes that no longer raise theirs. */
  async beat(): Promise<void> {
    const { storage, processId } = this.options;
    await storage.processes.beat(processId);
    const living = this.livingAmong(await storage.processes.list());
    const orphans = await storage.generations.orphans(living, batchSize);
    for (const { owner, generation } of orphans) await this.end(owner, generation);
  }

  private livingAmong(processes: { processId: string; counter: number }[]): string[] {
    const nowMs = this.now();
    for (const { processId, counter } of processes) {
      if (this.seen.get(processId)?.counter !== counter)
        this.seen.set(processId, { counter, sinceMs: nowMs });
    }
    return processes
      .map(({ processId }) => processId)
      .filter((id) => {
        const stillForMs = nowMs - (this.seen.get(id)?.sinceMs ?? nowMs);
        return id === this.options.processId || stillForMs < deadAfterMs;
      });
  }

  /** Ends one run as interrupted, or completes the end that it already has. */
  private async end(owner: string, generation: Generation): Promise<void> {
    const { storage, log } = this.options;
    const { id: generationId } = generation;
    const entries = await allEntries(storage.generations, owner, generationId);
    let end = endOf(entries.at(-1)?.event);
    if (!end) {
      end = { type: 'run-end', status: 'interrupted' };
      const last = { seq: (entries.at(-1)?.seq ?? 0) + 1, event: end };
      const [outcome] = await storage.generations.append([{ generationId, entries: [last] }]);
      // The process lives after all, or another reaper was first: the next beat sees what it stored.
      if (outcome !== 'stored') return;
      entries.push(last);
    }
    const base = await storage.generations.messages(owner, generationId);
    const messages = foldEntries(base, entries);
    await storage.generations.finish([{ generationId, end, messages, endedAt: new Date() }]);
    log.info(
      { generationId, status: end.status, entries: entries.length },
      'ended the run of a dead process',
    );
  }

  private async sweep(): Promise<void> {
    const { storage } = this.options;
    const before = new Date(Date.now() - keptMs);
    await storage.generations.expireEntries(before, batchSize);
    await storage.conversations.purge(before, batchSize);
    await storage.messages.purge(before, batchSize);
    await storage.settings.purge(before);
    // Last: those of the messages that have just gone go with them.
    await storage.files.purge(new Date(Date.now() - unusedFilesKeptMs), batchSize);
  }

  /** Calls `work` at that pace, never twice at once. A failure is logged once until it works again. */
  private every(ms: number, work: () => Promise<void>): void {
    let isBusy = false;
    let hasFailed = false;
    const tick = async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        await work();
        hasFailed = false;
      } catch (thrown) {
        if (!hasFailed) this.options.log.error({ err: thrown }, 'housekeeping failed');
        hasFailed = true;
      }
      isBusy = false;
    };
    this.timers.push(setInterval(() => void tick(), ms).unref());
  }
}

function endOf(event: GenerationEvent | undefined): RunEnd | undefined {
  return event?.type === 'run-end' ? event : undefined;
}
