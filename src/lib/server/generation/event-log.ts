import { foldEntries } from '../../domain/apply-event';
import type { Entry, GenerationEvent, RunEnd } from '../../domain/generation-event';
import type { Message } from '../../domain/message';
import type { EntryBatch } from '../storage/storage';

/** At most one delta entry in so many milliseconds; the first of a pause goes at once. */
export const mergeWindowMs = 40;

type Delta = Extract<GenerationEvent, { type: 'delta' }>;

/**
 * The numbered events of one living run. While the run lives, this is the truth about its text: followers read it from
 * memory, and the flusher stores what is not stored yet. The end is stored, and the messages are complete, before
 * anyone is told of it: whoever hears it may answer at once.
 */
export class EventLog {
  readonly entries: Entry[] = [];
  /** Entries up to this one are in storage. */
  storedSeq = 0;
  /** Another writer has ended this run: what is stored is the truth. Set once. */
  isLost = false;
  private end: Entry | undefined;
  private pending: Delta | undefined;
  private lastDeltaAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private readonly readers = new Set<() => void>();

  constructor(
    readonly generationId: string,
    /** The messages of the run as they were before its first event. */
    readonly base: Message[],
  ) {}

  get lastSeq(): number {
    return this.entries.length;
  }

  /** Whether the end has been stored and told. */
  get hasEnded(): boolean {
    return this.isLost || this.entries.at(-1)?.event.type === 'run-end';
  }

  append(event: Exclude<GenerationEvent, RunEnd>): void {
    if (this.end || this.isLost) return;
    if (event.type === 'delta') this.appendDelta(event);
    else {
      this.pushPending();
      this.push(event);
    }
  }

  /** Closes the log: nothing is added any more, and `run-end` is the next to be stored. */
  seal(end: RunEnd): void {
    if (this.end || this.isLost) return;
    this.pushPending();
    this.end = { seq: this.lastSeq + 1, event: end };
  }

  /** What is not in storage yet, the end included; absent when there is nothing. */
  unstored(): EntryBatch | undefined {
    if (this.isLost) return undefined;
    const entries = this.entries.slice(this.storedSeq);
    if (this.end && this.storedSeq < this.end.seq) entries.push(this.end);
    return entries.length === 0 ? undefined : { generationId: this.generationId, entries };
  }

  /** Storage has everything up to `seq`. */
  confirm(seq: number): void {
    this.storedSeq = seq;
  }

  get isEndStored(): boolean {
    return this.end !== undefined && this.storedSeq >= this.end.seq;
  }

  /** Tells readers the end, once it is stored. */
  tellEnd(): void {
    if (this.end && this.isEndStored) this.pushEnd(this.end);
  }

  /** The end could not be stored: readers are told anyway, since the text will not go on. */
  endUnstored(end: RunEnd): void {
    this.end = undefined;
    this.pushPending();
    this.pushEnd({ seq: this.lastSeq + 1, event: end });
  }

  /** Another writer was first: readers must take what is stored. */
  lose(): void {
    this.isLost = true;
    clearTimeout(this.timer);
    this.wake();
  }

  /** The messages as of now. */
  fold(): Message[] {
    const untold = this.end && !this.hasEnded ? [this.end] : [];
    return foldEntries(this.base, [...this.entries, ...untold]);
  }

  /** Calls `wake` after every new entry, until the returned function is called. */
  subscribe(wake: () => void): () => void {
    this.readers.add(wake);
    return () => this.readers.delete(wake);
  }

  private appendDelta(delta: Delta): void {
    if (this.pending && (this.pending.choice !== delta.choice || this.pending.kind !== delta.kind)) {
      this.pushPending();
    }
    this.pending = this.pending ? merge(this.pending, delta) : delta;
    const waitMs = this.lastDeltaAtMs + mergeWindowMs - performance.now();
    if (waitMs <= 0) this.pushPending();
    else this.timer ??= setTimeout(() => this.pushPending(), waitMs);
  }

  private pushPending(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.pending) return;
    const delta = this.pending;
    this.pending = undefined;
    this.lastDeltaAtMs = performance.now();
    this.push(delta);
  }

  private push(event: GenerationEvent): void {
    this.entries.push({ seq: this.lastSeq + 1, event });
    this.wake();
  }

  private pushEnd(end: Entry): void {
    if (this.hasEnded) return;
    this.entries.push(end);
    this.wake();
  }

  private wake(): void {
    for (const wake of this.readers) wake();
  }
}

function merge(first: Delta, second: Delta): Delta {
  const tokens = [...(first.tokens ?? []), ...(second.tokens ?? [])];
  return { ...first, text: first.text + second.text, ...(tokens.length > 0 && { tokens }) };
}
