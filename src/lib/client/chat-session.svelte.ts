import type { Entry } from '../domain/generation-event';
import type { Message } from '../domain/message';
import { leafBelow, pathTo } from '../domain/message-tree';
import type { OwnerEvent } from '../domain/owner-event';
import { partsOfTexts, textOf } from '../domain/parts';
import { plannedMessages } from '../domain/planned-messages';
import type { StartReplies } from '../domain/requests';
import type { Api, ConversationData, RunCursor } from './api';
import { thrownWords } from './error-words';
import { newId } from './ids';
import { RunStreams, type Waiting } from './run-streams.svelte';
import { Starts } from './starts';

/** What a session needs of the page around it; tests give their own. */
export interface SessionOptions {
  api: Api;
  /** Calls back before the next frame, or soon when the page is hidden. */
  schedule: (work: () => void) => void;
  /** A message was taken, so the conversation has an address now. */
  onStarted?: (id: string) => void;
}

/** One conversation as this page shows it. Everything that happens to it, from whichever stream, comes through here. */
export class ChatSession {
  messages = $state.raw<Message[]>([]);
  leafId = $state.raw<string | null>(null);
  title = $state.raw('');
  modelId = $state.raw('');
  /** Why the last message was not sent; its text is back in the composer. */
  sendError = $state.raw<string | null>(null);
  private readonly streams: RunStreams;
  private readonly starts = new Starts();

  constructor(
    readonly id: string,
    private isNew: boolean,
    private readonly options: SessionOptions,
  ) {
    this.streams = new RunStreams({
      schedule: options.schedule,
      onFold: (messages) => this.replace(messages),
      onShorterEnd: () => void this.reload().catch((thrown: unknown) => this.tell(thrown)),
    });
  }

  /** The branch that is shown. Not `$derived`: that would die with the component in which a session began. */
  get path(): Message[] {
    return pathTo(this.messages, this.leafId);
  }

  get isRunning(): boolean {
    return this.path.some(({ status }) => status === 'running');
  }

  /** What the runs without text are doing, by generation. */
  get waiting(): Record<string, Waiting> {
    return this.streams.waiting;
  }

  /** Where the stream of events must go on for the runs that live. */
  cursors(): RunCursor[] {
    return this.streams.cursors();
  }

  /** Takes what the server knows, except where this page is further. */
  load({ conversation, messages, cursors }: ConversationData): void {
    this.isNew = false;
    this.title = conversation.title;
    this.modelId = conversation.modelId;
    const known = new Set(messages.map(({ id }) => id));
    const unsent = this.messages.filter(({ id }) => !known.has(id) && this.starts.hasMessage(id));
    const caughtUp = this.streams.catchUp(messages, cursors, (id) => this.starts.isStarting(id));
    this.messages = [...caughtUp, ...unsent];
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
    const stops = [...ids].map(async (generationId) => {
      const throughSeq = this.streams.freeze(generationId);
      await this.starts.settled(generationId);
      await this.options.api.stop(generationId, throughSeq);
    });
    await Promise.all(stops).catch((thrown: unknown) => this.tell(thrown));
  }

  /** Shows the branch that goes through this message, and keeps the choice. */
  async choose(message: Message): Promise<void> {
    this.leafId = leafBelow(this.messages, message.id);
    await this.options.api
      .updateConversation(this.id, { leafId: this.leafId })
      .catch((thrown: unknown) => this.tell(thrown));
  }

  async chooseModel(modelId: string): Promise<void> {
    this.modelId = modelId;
    if (!this.isNew) await this.options.api.updateConversation(this.id, { modelId });
  }

  /** An entry of any run of this conversation; entries that were folded before are skipped. */
  receive(generationId: string, entry: Entry, isLive: boolean): void {
    this.streams.receive(generationId, entry, isLive);
  }

  /** New messages that another tab, or this one, has added. */
  receiveMessages(event: Extract<OwnerEvent, { type: 'messages-added' }>): void {
    const known = new Set(this.messages.map(({ id }) => id));
    const added = event.messages.filter(({ id }) => !known.has(id));
    if (added.length === 0) return;
    this.messages = [...this.messages, ...added];
    this.follow(added);
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
    try {
      const body = await this.starts.submit(request, () => this.submit(request));
      void this.streams.read(reply.generationId, body);
      return true;
    } catch (thrown) {
      for (const { generationId } of request.replies) this.streams.forget(generationId);
      this.messages = before.messages;
      this.leafId = before.leafId;
      this.tell(thrown);
      return false;
    }
  }

  /** Shows the messages of a request before the server has them. */
  private showStart(request: StartReplies): void {
    const added = plannedMessages(this.id, request, new Date());
    this.messages = [...this.messages, ...added];
    this.leafId = added.at(-1)?.id ?? null;
    this.follow(added);
  }

  private async submit(request: StartReplies): Promise<ReadableStream<Uint8Array>> {
    const { api } = this.options;
    if (this.isNew) {
      await api.createConversation({ id: this.id, modelId: this.modelId });
      this.isNew = false;
    }
    const body = await api.startReplies(this.id, request);
    // Only now: a first message that is refused goes back into the composer of the page that it came from.
    this.options.onStarted?.(this.id);
    return body;
  }

  /** Folds the runs of these new messages from their first entry. */
  private follow(added: readonly Message[]): void {
    for (const { generationId } of added) {
      if (generationId === undefined) continue;
      this.streams.begin(
        generationId,
        added.filter((message) => message.generationId === generationId),
      );
    }
  }

  /** Puts these messages in the place of those with their ids. */
  private replace(changed: readonly Message[]): void {
    const byId = new Map(changed.map((message) => [message.id, message]));
    this.messages = this.messages.map((message) => byId.get(message.id) ?? message);
  }

  private tell(thrown: unknown): void {
    this.sendError = thrownWords(thrown);
  }
}
