import type { Entry, ProgressLabel } from '../domain/generation-event';
import type { Message } from '../domain/message';
import type { RunCursor } from './api';
import { readFrames } from './event-stream';
import { RunFold } from './run-fold';

/** What a run that has no text yet is doing. */
export interface Waiting {
  position?: number;
  label?: ProgressLabel;
  fraction?: number;
}

export interface RunStreamsOptions {
  /** Calls back before the next frame, or soon when the page is hidden. */
  schedule: (work: () => void) => void;
  /** The messages of a run as they are now. */
  onFold: (messages: readonly Message[]) => void;
  /** A run ended with less text than this page began with: only the server knows it. */
  onShorterEnd: () => void;
}

interface QueuedEntry {
  generationId: string;
  entry: Entry;
  isLive: boolean;
}

/** The runs of one conversation, folded at most once a frame, from whichever stream their entries come. */
export class RunStreams {
  waiting = $state.raw<Record<string, Waiting>>({});
  private readonly runs = new Map<string, RunFold>();
  /** How runs ended here: a conversation that was asked for before may still say that they live. */
  private readonly ended = new Map<string, Message[]>();
  private readonly readers = new Map<string, AbortController>();
  private queue: QueuedEntry[] = [];

  constructor(private readonly options: RunStreamsOptions) {}

  /** Begins to fold a run whose messages are these at entry `seq`; one that is known goes on as it is. */
  begin(generationId: string, messages: Message[], seq = 0): void {
    if (this.runs.has(generationId) || this.ended.has(generationId)) return;
    this.runs.set(generationId, new RunFold(messages, seq));
  }

  /** Drops a run that never came about. */
  forget(generationId: string): void {
    this.runs.delete(generationId);
  }

  /** Where the stream of events must go on for the runs that live. */
  cursors(): RunCursor[] {
    this.flush();
    return [...this.runs]
      .filter(([, run]) => !run.hasEnded)
      .map(([generationId, { cursor: seq }]) => ({ generationId, seq }));
  }

  /** What the server knows of the runs, except where this page is further; returns the messages as they are then. */
  catchUp(
    messages: Message[],
    cursors: RunCursor[],
    isStarting: (generationId: string) => boolean,
  ): Message[] {
    const ahead = new Map<string, Message>();
    for (const [generationId, run] of this.runs) {
      const cursor = cursors.find((other) => other.generationId === generationId);
      if (!isStarting(generationId) && (!cursor || run.cursor < cursor.seq)) this.runs.delete(generationId);
      else for (const message of run.messages) ahead.set(message.id, message);
    }
    for (const { generationId, seq } of cursors) {
      for (const message of this.ended.get(generationId) ?? []) ahead.set(message.id, message);
      this.begin(
        generationId,
        messages.filter((message) => message.generationId === generationId),
        seq,
      );
    }
    return messages.map((message) => ahead.get(message.id) ?? message);
  }

  /** Shows nothing more of a run than now while `stop`, which is told the last entry that is shown, ends it; goes on when that fails. */
  async freezeFor(generationId: string, stop: (throughSeq: number) => Promise<void>): Promise<void> {
    const seq = this.runs.get(generationId)?.freeze() ?? 0;
    this.show(generationId);
    try {
      await stop(seq);
    } catch (thrown) {
      this.runs.get(generationId)?.thaw();
      this.show(generationId);
      throw thrown;
    }
  }

  /** An entry of any run; entries that were folded before are skipped. */
  receive(generationId: string, entry: Entry, isLive: boolean): void {
    if (this.queue.push({ generationId, entry, isLive }) === 1) this.options.schedule(() => this.flush());
  }

  /** Reads the answer of our own request until it ends, breaks, or the page's stream brings the same entries. */
  async read(generationId: string, body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = new AbortController();
    this.readers.set(generationId, reader);
    try {
      for await (const { id, data } of readFrames(body)) {
        if (reader.signal.aborted) return;
        this.receive(id.split(':')[0] ?? '', JSON.parse(data) as Entry, false);
      }
    } catch {
      // The connection broke: the page's own stream goes on from the cursor when it is back.
    } finally {
      this.readers.delete(generationId);
    }
  }

  /** Folds what came since the last frame. */
  private flush(): void {
    const queue = this.queue;
    this.queue = [];
    const touched = new Set<string>();
    for (const { generationId, entry, isLive } of queue) {
      const run = this.runs.get(generationId);
      if (!run) continue;
      // The other stream has it all: this one is no longer needed.
      if (isLive) this.readers.get(generationId)?.abort();
      run.add(reviveEntry(entry));
      this.note(generationId, entry);
      touched.add(generationId);
    }
    for (const generationId of touched) this.show(generationId);
  }

  private show(generationId: string): void {
    const run = this.runs.get(generationId);
    if (!run) return;
    this.options.onFold(run.messages);
    if (!run.hasEnded) return;
    this.runs.delete(generationId);
    if (run.needsReload) this.options.onShorterEnd();
    else this.ended.set(generationId, run.messages);
  }

  private note(generationId: string, { event }: Entry): void {
    const { [generationId]: note, ...others } = this.waiting;
    if (event.type === 'queued') this.waiting = { ...others, [generationId]: { position: event.position } };
    else if (event.type === 'progress') {
      this.waiting = { ...others, [generationId]: { label: event.label, fraction: event.fraction } };
    } else if (note) this.waiting = others;
  }
}

/** Snapshots carry messages, whose instants are text on the wire. */
function reviveEntry(entry: Entry): Entry {
  if (entry.event.type !== 'snapshot') return entry;
  const messages = entry.event.messages.map((message) => ({
    ...message,
    createdAt: new Date(message.createdAt),
  }));
  return { ...entry, event: { type: 'snapshot', messages } };
}
