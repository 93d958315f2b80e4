import type { Entry } from '../domain/generation-event';
import type { Message } from '../domain/message';
import { newestLeafBelow, pathTo } from '../domain/message-tree';
import type { OwnerEvent } from '../domain/owner-event';
import { partsOfTexts, textOf } from '../domain/parts';
import { plannedMessages } from '../domain/planned-messages';
import type { StartReplies } from '../domain/requests';
import type { Api, ConversationData, RunCursor } from './api';
import { ApiError } from './api';
import { thrownWords } from './error-words';
import { readFrames } from './event-stream';
import { newId } from './ids';
import { RunFold } from './run-fold';

/** What a run that has no text yet is doing. */
export interface Waiting {
  position?: number;
  label?: 'loading' | 'reading';
  fraction?: number;
}

/** What a session needs of the page around it; tests give their own. */
export interface SessionOptions {
  api: Api;
  /** Calls back before the next frame, or soon when the page is hidden. */
  schedule: (work: () => void) => void;
  /** A message was taken, so the conversation has an address now. */
  onStarted?: (id: string) => void;
}

const retryDelaysMs = [400, 1500];

/** One conversation as this page shows it. Everything that happens to it, from whichever stream, comes through here. */
export class ChatSession {
  messages = $state.raw<Message[]>([]);
  leafId = $state.raw<string | null>(null);
  title = $state.raw('');
  modelId = $state.raw('');
  /** Why the last message was not sent; its text is back in the composer. */
  sendError = $state.raw<string | null>(null);
  waiting = $state.raw<Record<string, Waiting>>({});
  private readonly runs = new Map<string, RunFold>();
  private readonly readers = new Map<string, AbortController>();
  private readonly starting = new Map<string, Promise<void>>();
  private queue: { generationId: string; entry: Entry; isLive: boolean }[] = [];

  constructor(
    readonly id: string,
    private isNew: boolean,
    private readonly options: SessionOptions,
  ) {}

  /** The branch that is shown. Not `$derived`: that would die with the component in which a session began. */
  get path(): Message[] {
    return pathTo(this.messages, this.leafId);
  }

  get isRunning(): boolean {
    return this.path.some(({ status }) => status === 'running');
  }

  /** Where the stream of events must go on for the runs that live. */
  cursors(): RunCursor[] {
    this.flush();
    return [...this.runs]
      .filter(([, run]) => !run.hasEnded)
      .map(([generationId, { cursor: seq }]) => ({ generationId, seq }));
  }

  /** Takes what the server knows, except where this page is further. */
  load({ conversation, messages, cursors }: ConversationData): void {
    this.isNew = false;
    this.title = conversation.title;
    this.modelId = conversation.modelId;
    const ahead = new Map<string, Message>();
    for (const [generationId, run] of this.runs) {
      const cursor = cursors.find((other) => other.generationId === generationId);
      const isSending = this.starting.has(generationId);
      if (!isSending && (!cursor || run.cursor < cursor.seq)) this.runs.delete(generationId);
      else for (const message of run.messages) ahead.set(message.id, message);
    }
    for (const { generationId, seq } of cursors) {
      if (this.runs.has(generationId)) continue;
      const own = messages.filter((message) => message.generationId === generationId);
      this.runs.set(generationId, new RunFold(own, seq));
    }
    const known = new Set(messages.map(({ id }) => id));
    const unsent = this.messages.filter(({ id }) => !known.has(id) && this.isBeingSent(id));
    this.messages = [...messages.map((message) => ahead.get(message.id) ?? message), ...unsent];
    if (unsent.length === 0) this.leafId = conversation.leafId;
  }

  /** Asks the server for the whole conversation again. */
  async reload(): Promise<void> {
    if (this.isNew) return;
    this.load(await this.options.api.openConversation(this.id));
  }

  /** Sends a message and shows it at once. Resolves to whether it was taken; if not, nothing of it is left. */
  send(texts: string[]): Promise<boolean> {
    const userMessage = { id: newId(), parts: partsOfTexts(texts) };
    const request: StartReplies = { parentId: this.leafId, userMessage, replies: [this.newReply()] };
    return this.start(request);
  }

  /** Another version of an answer. */
  retry(message: Message): Promise<boolean> {
    const prefix = message.prefixLength ? textOf(message.parts).slice(0, message.prefixLength) : '';
    return this.start({ parentId: message.parentId, replies: [this.newReply(prefix)] });
  }

  /** Goes on from where an answer ends, as a new version of it. */
  continue(message: Message): Promise<boolean> {
    return this.start({ parentId: message.parentId, replies: [this.newReply(textOf(message.parts))] });
  }

  /** Freezes what is on screen and ends the runs of the shown branch there. */
  async stop(): Promise<void> {
    const running = this.path.filter(({ status }) => status === 'running');
    const ids = new Set(running.flatMap(({ generationId }) => generationId ?? []));
    const stops = [...ids].map((generationId) => {
      this.queue = this.queue.filter((queued) => queued.generationId !== generationId);
      const throughSeq = this.runs.get(generationId)?.freeze() ?? 0;
      this.show(generationId);
      return (this.starting.get(generationId) ?? Promise.resolve()).then(() =>
        this.options.api.stop(generationId, throughSeq),
      );
    });
    await Promise.all(stops).catch((thrown: unknown) => (this.sendError = thrownWords(thrown)));
  }

  /** Shows the branch that goes through this message, and keeps the choice. */
  async choose(message: Message): Promise<void> {
    this.leafId = newestLeafBelow(this.messages, message.id);
    await this.options.api
      .updateConversation(this.id, { leafId: this.leafId })
      .catch((thrown: unknown) => (this.sendError = thrownWords(thrown)));
  }

  async chooseModel(modelId: string): Promise<void> {
    this.modelId = modelId;
    if (!this.isNew) await this.options.api.updateConversation(this.id, { modelId });
  }

  /** An entry of any run of this conversation; entries that were folded before are skipped. */
  receive(generationId: string, entry: Entry, isLive: boolean): void {
    if (this.queue.push({ generationId, entry, isLive }) === 1) this.options.schedule(() => this.flush());
  }

  /** New messages that another tab, or this one, has added. */
  receiveMessages(event: Extract<OwnerEvent, { type: 'messages-added' }>): void {
    const known = new Set(this.messages.map(({ id }) => id));
    const added = event.messages.filter(({ id }) => !known.has(id));
    if (added.length === 0) return;
    this.messages = [...this.messages, ...added];
    for (const { generationId } of added) {
      if (generationId === undefined || this.runs.has(generationId)) continue;
      const own = added.filter((message) => message.generationId === generationId);
      this.runs.set(generationId, new RunFold(own, 0));
    }
    this.leafId = event.leafId;
  }

  private newReply(prefix = ''): StartReplies['replies'][number] {
    const reply = { generationId: newId(), messageIds: [newId()], modelId: this.modelId };
    return prefix === '' ? reply : { ...reply, prefix };
  }

  private async start(request: StartReplies): Promise<boolean> {
    const [reply] = request.replies;
    if (!reply) return false;
    const before = { messages: this.messages, leafId: this.leafId };
    this.sendError = null;
    this.showStart(request);
    const posting = this.post(request);
    this.starting.set(
      reply.generationId,
      posting.then(
        () => undefined,
        () => undefined,
      ),
    );
    try {
      const body = await posting;
      this.starting.delete(reply.generationId);
      void this.read(reply.generationId, body);
      return true;
    } catch (thrown) {
      this.starting.delete(reply.generationId);
      this.runs.delete(reply.generationId);
      this.messages = before.messages;
      this.leafId = before.leafId;
      this.sendError = thrownWords(thrown);
      return false;
    }
  }

  /** Shows the messages of a request before the server has them. */
  private showStart(request: StartReplies): void {
    const added = plannedMessages(this.id, request, new Date());
    this.messages = [...this.messages, ...added];
    this.leafId = added.at(-1)?.id ?? null;
    for (const { generationId } of request.replies) {
      const answers = added.filter((message) => message.generationId === generationId);
      this.runs.set(generationId, new RunFold(answers, 0));
    }
  }

  /** The same request again is the same run, so one that got no answer may be repeated. */
  private async post(request: StartReplies): Promise<ReadableStream<Uint8Array>> {
    const { api } = this.options;
    for (const delayMs of [...retryDelaysMs, 0]) {
      try {
        if (this.isNew) {
          await api.createConversation({ id: this.id, modelId: this.modelId });
          this.isNew = false;
        }
        const body = await api.startReplies(this.id, request);
        // Only now: a first message that is refused goes back into the composer of the page that it came from.
        this.options.onStarted?.(this.id);
        return body;
      } catch (thrown) {
        const isLost = thrown instanceof ApiError && !thrown.wasAnswered;
        if (!isLost || delayMs === 0) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
    throw new Error('unreachable');
  }

  /** Reads the answer of our own request until it ends, breaks, or the page's stream brings the same entries. */
  private async read(generationId: string, body: ReadableStream<Uint8Array>): Promise<void> {
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

  /** Puts the messages of a run, as folded, among the others. */
  private show(generationId: string): void {
    const run = this.runs.get(generationId);
    if (!run) return;
    const folded = new Map(run.messages.map((message) => [message.id, message]));
    this.messages = this.messages.map((message) => folded.get(message.id) ?? message);
    if (!run.hasEnded) return;
    this.runs.delete(generationId);
    if (run.needsReload)
      void this.reload().catch((thrown: unknown) => (this.sendError = thrownWords(thrown)));
  }

  private note(generationId: string, { event }: Entry): void {
    const { [generationId]: note, ...others } = this.waiting;
    if (event.type === 'queued') this.waiting = { ...others, [generationId]: { position: event.position } };
    else if (event.type === 'progress') {
      this.waiting = { ...others, [generationId]: { label: event.label, fraction: event.fraction } };
    } else if (note) this.waiting = others;
  }

  private isBeingSent(messageId: string): boolean {
    return [...this.starting.keys()].some((generationId) => {
      const answer = this.runs.get(generationId)?.messages[0];
      return answer?.id === messageId || answer?.parentId === messageId;
    });
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
