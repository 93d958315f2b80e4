import type { Entry, FollowedEntry } from '../../domain/generation-event';
import type { OwnerEvent } from '../../domain/owner-event';
import type { StreamItem } from '../../domain/stream';
import type { EventLog } from './event-log';

/** Owner events that may wait for a reader; one that is further behind is cut off and asks again. */
const maxWaiting = 1000;

interface Source {
  /** Entries that this reader has not had; empty when there is nothing new. */
  take(): FollowedEntry[];
  isDone(): boolean;
  close(): void;
}

/**
 * One reader of any number of runs and of an owner's changes. It keeps places in the logs, not copies, so a slow
 * reader costs nothing and slows nobody.
 */
export class Follower {
  private readonly sources = new Map<string, Source>();
  private ownerEvents: OwnerEvent[] = [];
  private resolveWait: (() => void) | undefined;
  private isClosed = false;
  private isReadingOver = false;
  private fault: unknown;

  /** Ends the stream, after what is there already. */
  close(): void {
    this.isClosed = true;
    this.wake();
  }

  /** Reads a run of this process from memory; when another writer takes it over, goes on with `stored` from there. */
  followLog(log: EventLog, cursor: number, stored: (cursor: number) => AsyncIterable<Entry[]>): void {
    if (this.sources.has(log.generationId)) return;
    let seq = cursor;
    // A cursor ahead of a living log cannot come from it: the reader is shown the text as it is.
    let needsSnapshot = cursor > log.lastSeq;
    const unsubscribe = log.subscribe(() => this.wake());
    this.sources.set(log.generationId, {
      take: () => {
        const items: FollowedEntry[] = [];
        if (log.isLost) return items;
        if (needsSnapshot) {
          needsSnapshot = false;
          seq = log.lastSeq;
          items.push(followed(log.generationId, { seq, event: { type: 'snapshot', messages: log.fold() } }));
        }
        for (; seq < log.lastSeq; seq += 1) {
          const entry = log.entries[seq];
          if (entry) items.push(followed(log.generationId, entry));
        }
        return items;
      },
      isDone: () => log.hasEnded && (log.isLost || seq >= log.lastSeq),
      close: () => {
        unsubscribe();
        if (!log.isLost || this.isReadingOver) return;
        this.followPages(log.generationId, stored(seq));
      },
    });
    this.wake();
  }

  /** Reads a run of another process, or one that has ended, as its entries come from storage. */
  followPages(generationId: string, pages: AsyncIterable<Entry[]>): void {
    if (this.sources.has(generationId)) return;
    let waiting: FollowedEntry[] = [];
    let isDone = false;
    this.sources.set(generationId, {
      take: () => waiting.splice(0),
      isDone: () => isDone && waiting.length === 0,
      close: () => (waiting = []),
    });
    void (async () => {
      try {
        for await (const entries of pages) {
          waiting.push(...entries.map((entry) => followed(generationId, entry)));
          this.wake();
        }
      } catch (thrown) {
        this.fault = thrown;
      }
      isDone = true;
      this.wake();
    })();
  }

  onOwnerEvent(event: OwnerEvent): void {
    this.ownerEvents.push(event);
    if (this.ownerEvents.length > maxWaiting) this.close();
    this.wake();
  }

  /** What comes, in order for each run, until the signal aborts; with `untilEnded`, until all runs have ended. */
  async *read(signal: AbortSignal, untilEnded: boolean): AsyncGenerator<StreamItem[]> {
    const onAbort = () => this.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const waited = new Promise<void>((resolve) => (this.resolveWait = resolve));
        const items = this.takeAll();
        if (items.length > 0) yield items;
        else if (this.fault !== undefined) throw this.fault;
        else if (this.isClosed || (untilEnded && this.sources.size === 0)) return;
        else await waited;
      }
    } finally {
      this.isReadingOver = true;
      signal.removeEventListener('abort', onAbort);
      for (const source of this.sources.values()) source.close();
      this.sources.clear();
    }
  }

  private takeAll(): StreamItem[] {
    const items: StreamItem[] = this.ownerEvents.splice(0);
    for (const [generationId, source] of this.sources) {
      for (const item of source.take()) items.push(item);
      if (!source.isDone()) continue;
      this.sources.delete(generationId);
      source.close();
    }
    return items;
  }

  private wake(): void {
    this.resolveWait?.();
  }
}

const cache = new WeakMap<Entry, FollowedEntry>();

/** The entry with its run's id; one object for all readers, so that its text on the wire is made once. */
function followed(generationId: string, entry: Entry): FollowedEntry {
  let item = cache.get(entry);
  if (!item) cache.set(entry, (item = { generationId, ...entry }));
  return item;
}
