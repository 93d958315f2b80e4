import { applyEvent, foldEntries } from '../domain/apply-event';
import type { Entry } from '../domain/generation-event';
import type { Message } from '../domain/message';

/**
 * Entries that are kept apart, so that the text can go back to one of them: what another tab had on screen when it stopped
 * the run. Older ones are in the base, and a page that streams for hours grows by its text alone.
 */
const keptEntries = 500;

/** One run as this page shows it: the messages at a known entry, and the entries since. */
export class RunFold {
  /** As shown; a new array whenever something changed. */
  messages: Message[];
  hasEnded = false;
  /** The end says that the text is shorter than where this page began: only the server knows it. */
  needsReload = false;
  private readonly entries: Entry[] = [];
  private base: Message[];
  private baseSeq: number;
  private isFrozen = false;

  constructor(
    messages: Message[],
    /** The last entry that is already in `messages`. */
    public cursor: number,
  ) {
    this.messages = messages;
    this.base = messages;
    this.baseSeq = cursor;
  }

  /** Folds an entry, unless it was folded before. */
  add(entry: Entry): void {
    const { seq, event } = entry;
    if (event.type === 'snapshot') this.restart(event.messages, seq);
    if (event.type === 'snapshot' || seq <= this.cursor || this.hasEnded) return;
    this.cursor = seq;
    this.entries.push(entry);
    if (this.entries.length >= 2 * keptEntries) this.compact();
    if (event.type === 'run-end') this.end(event.throughSeq);
    else if (!this.isFrozen) this.messages = applyEvent(this.messages, event);
  }

  /** Shows nothing more than now; the server is told up to which entry that is. */
  freeze(): number {
    if (!this.isFrozen) this.messages = this.messages.map((message) => ({ ...message, status: 'stopped' }));
    this.isFrozen = true;
    return this.cursor;
  }

  /** Shows again what comes: the run goes on. */
  thaw(): void {
    if (!this.isFrozen || this.hasEnded) return;
    this.isFrozen = false;
    this.messages = foldEntries(this.base, this.entries);
  }

  private compact(): void {
    const old = this.entries.splice(0, this.entries.length - keptEntries);
    this.base = foldEntries(this.base, old);
    this.baseSeq = old.at(-1)?.seq ?? this.baseSeq;
  }

  private restart(messages: Message[], seq: number): void {
    this.entries.length = 0;
    this.base = messages;
    this.baseSeq = seq;
    this.cursor = seq;
    this.messages = messages;
  }

  private end(throughSeq: number | undefined): void {
    this.hasEnded = true;
    this.needsReload = throughSeq !== undefined && throughSeq < this.baseSeq;
    this.messages = foldEntries(this.base, this.entries);
  }
}
