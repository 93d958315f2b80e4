import type { Entry, FollowedEntry } from '../../domain/generation-event';
import type { OwnerEvent } from '../../domain/owner-event';
import type { StreamItem, StreamSource } from '../../domain/stream';
import type { EventLog } from './event-log';

/** Owner events that may wait for a reader; one that is further behind is cut off and asks again. */
const maxWaiting = 1000;

interface Source {
  /** Entries that this reader has not had; empty when there is nothing new. */
  take(): FollowedEntry[];
  isDone(): boolean;
  close(): void;
}

export interface FollowerOptions {
  /** The reader's: once it aborts there is nothing more. */
  signal: AbortSignal;
  /** Whether the stream ends with the last of its runs. */
  untilEnded: boolean;
  /** Called once, when nothing more is read, for whatever reason. */
  onEnd: () => void;
}

type Step = IteratorResult<StreamItem[], undefined>;

/**
 * One reader of any number of runs and of an owner's changes: what came since it was last asked, in order for each run.
 * It keeps places in the logs, not copies, so a slow reader costs nothing and slows nobody. It calls back, and makes no
 * promise, because every token of every reader passes here.
 */
export class Follower implements StreamSource {
  private readonly sources = new Map<string, Source>();
  private ownerEvents: OwnerEvent[] = [];
  private callback: () => void = () => undefined;
  private isClosed = false;
  private isOver = false;
  private fault: unknown;
  private readonly onAbort = () => this.wake();

  constructor(private readonly options: FollowerOptions) {
    options.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  onReadable(callback: () => void): void {
    this.callback = callback;
  }

  /** Throws when stored entries cannot be read. */
  read(): Step | undefined {
    if (this.isOver || this.options.signal.aborted) return this.end();
    const items = this.takeAll();
    if (items.length > 0) return { value: items, done: false };
    if (this.fault !== undefined) {
      this.end();
      throw this.fault;
    }
    const isComplete = this.options.untilEnded && this.sources.size === 0;
    return this.isClosed || isComplete ? this.end() : undefined;
  }

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
        if (!log.isLost || this.isOver) return;
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

  private wake(): void {
    if (this.options.signal.aborted) this.end();
    this.callback();
  }

  private end(): Step {
    if (!this.isOver) {
      this.isOver = true;
      this.options.signal.removeEventListener('abort', this.onAbort);
      for (const source of this.sources.values()) source.close();
      this.sources.clear();
      this.options.onEnd();
    }
    return { value: undefined, done: true };
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
}

function followed(generationId: string, { seq, event }: Entry): FollowedEntry {
  return { generationId, seq, event };
}
