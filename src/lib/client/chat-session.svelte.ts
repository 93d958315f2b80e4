import type { Entry } from '../domain/generation-event';
import type { Message } from '../domain/message';
import type { OwnerEvent } from '../domain/owner-event';
import { isNotFound, type ConversationData, type RunCursor } from './api';
import { Branches } from './branches.svelte';
import { ConversationRecord, type RecordOptions } from './conversation-record.svelte';
import { Edits } from './edits.svelte';
import { thrownWords } from './error-words';
import { newId } from './ids';
import {
  continuationOf,
  editedQuestion,
  planOf,
  question,
  retryOf,
  type Images,
  type ReplyPlan,
  type RetryOptions,
} from './replies';
import { RunStreams, type Waiting } from './run-streams.svelte';
import { Starts } from './starts';

/** What a session needs of the page around it; tests give their own. */
export interface SessionOptions extends RecordOptions {
  /** Calls back before the next frame, or soon when the page is hidden. */
  schedule: (work: () => void) => void;
  /** What is set for answers of a model here, with what a retry says of itself; absent: nothing. */
  plan?: (modelId: string, parameters: RetryOptions['parameters']) => ReplyPlan;
}

/** One conversation as this page shows it. Everything that happens to it, from whichever stream, comes through here. */
export class ChatSession {
  title = $state.raw('');
  /** Why the last thing that the person did failed; a text that was not sent is back where it was written. */
  sendError = $state.raw<string | null>(null);
  readonly edits = new Edits();
  readonly record: ConversationRecord;
  private readonly branches = new Branches();
  private readonly streams: RunStreams;
  private readonly starts: Starts;

  constructor(
    readonly id: string,
    isNew: boolean,
    private readonly options: SessionOptions,
  ) {
    this.record = new ConversationRecord(id, isNew, options);
    this.streams = new RunStreams({
      schedule: options.schedule,
      onFold: (messages) => this.branches.replace(messages),
      onShorterEnd: () => void this.catchUp(),
    });
    this.starts = new Starts({
      conversationId: id,
      branches: this.branches,
      streams: this.streams,
      submit: (request) => this.record.submit(request),
    });
  }

  /** Of the next answer. */
  get modelId(): string {
    return this.record.modelId;
  }

  set modelId(id: string) {
    this.record.chosenModelId = id;
  }

  get messages(): Message[] {
    return this.branches.messages;
  }

  /** The end of the branch that is shown. */
  get leafId(): string | null {
    return this.branches.leafId;
  }

  /** The branch that is shown. Not `$derived`: that would die with the component in which a session began. */
  get path(): Message[] {
    return this.branches.path;
  }

  get isRunning(): boolean {
    return this.path.some(({ status }) => status === 'running');
  }

  /** Whether everything that was in this conversation is deleted: one that had a message has a title. */
  get isEmptied(): boolean {
    return this.title !== '' && this.messages.length === 0;
  }

  /** Whether more than one model has answered, on whichever branch. */
  get hasSeveralModels(): boolean {
    const answers = this.messages.filter(({ modelId }) => modelId !== undefined);
    return answers.some(({ modelId }) => modelId !== answers[0]?.modelId);
  }

  /** What the runs without text are doing, by generation. */
  get waiting(): Record<string, Waiting> {
    return this.streams.waiting;
  }

  /** The ids of the versions of a message, itself included, oldest first. */
  versionsOf(message: Message): string[] {
    return this.branches.versionsOf(message);
  }

  /** How many messages go when this one is deleted. */
  countBelow(message: Message): number {
    return this.branches.countBelow(message.id);
  }

  /** Where the stream of events must go on for the runs that live. */
  cursors(): RunCursor[] {
    return this.streams.cursors();
  }

  /** Takes what the server knows, except where this page is further; the reader stays on the branch that is shown. */
  load({ conversation, messages, cursors }: ConversationData): void {
    this.title = conversation.title;
    this.record.receive(conversation.modelId);
    const known = new Set(messages.map(({ id }) => id));
    const unsent = this.messages.filter(({ id }) => !known.has(id) && this.starts.hasMessage(id));
    const caughtUp = this.streams.catchUp(messages, cursors, (id) => this.starts.isStarting(id));
    this.branches.reset([...caughtUp, ...unsent], conversation.leafId);
    this.edits.strand((id) => this.branches.has(id));
  }

  /** Asks the server for the whole conversation again. One that was deleted stays in view, and says so. */
  async reload(): Promise<void> {
    if (!this.record.isMade) return;
    try {
      this.load(await this.options.api.openConversation(this.id));
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
      this.tell(thrown);
    }
  }

  /** Sends a message and shows it at once. Resolves to whether it was taken; if not, nothing of it is left. */
  send(texts: string[], images: Images = []): Promise<boolean> {
    return this.start(question(texts, images, this.leafId, this.plan()));
  }

  /** Sends another version of a message of the person, with an answer of its own; `edits` says which images it loses. */
  edit(message: Message, text: string): Promise<boolean> {
    const removed = this.edits.removedFrom(message.id);
    return this.start(editedQuestion(message, { text, removed }, this.plan()));
  }

  /** Another version of an answer; of a question that has none, the first one. */
  retry(message: Message, options: RetryOptions = {}): Promise<boolean> {
    return this.start(retryOf(message, this.plan(options), options));
  }

  /** Goes on from where an answer ends, as a new version of it. */
  continue(message: Message): Promise<boolean> {
    return this.start(continuationOf(message, this.plan()));
  }

  /** Another version of an answer, with the person's text. Resolves to whether it was taken. */
  editAnswer(message: Message, text: string): Promise<boolean> {
    return this.attempt(async () => {
      const edited = await this.options.api.editAnswer(this.id, message.id, { id: newId(), text });
      this.branches.add([edited]);
      this.branches.show(edited.id);
    });
  }

  /** Deletes a message with what hangs from it. Resolves to whether that was done; `undelete` undoes it. */
  delete(message: Message): Promise<boolean> {
    return this.attempt(async () => {
      const { messageIds, leafId } = await this.options.api.deleteMessage(this.id, message.id);
      this.remove(messageIds);
      if (this.leafId !== leafId) await this.keepLeaf();
    });
  }

  /** Brings back what `delete` of this message took, and shows it as it was. */
  undelete(message: Message): Promise<boolean> {
    return this.attempt(async () => {
      await this.options.api.restoreMessage(this.id, message.id);
      await this.reload();
      await this.choose(message);
    });
  }

  /** A new conversation with the path up to this message; resolves to its id, or to nothing when that failed. */
  async fork(message: Message): Promise<string | undefined> {
    const id = newId();
    const isDone = await this.attempt(() => this.options.api.fork(this.id, message.id, { id }));
    return isDone ? id : undefined;
  }

  /** Freezes what is on screen and ends the runs of the shown branch there; what cannot be ended goes on. */
  async stop(): Promise<void> {
    const running = this.path.filter(({ status }) => status === 'running');
    const ids = new Set(running.flatMap(({ generationId }) => generationId ?? []));
    const stops = [...ids].map((id) =>
      this.streams.freezeFor(id, async (throughSeq) => {
        await this.starts.settled(id);
        await this.options.api.stop(id, throughSeq);
      }),
    );
    await this.attempt(() => Promise.all(stops));
  }

  /** Shows the branch that goes through this message, and keeps the choice. */
  async choose({ id }: Pick<Message, 'id'>): Promise<void> {
    this.branches.show(id);
    await this.attempt(() => this.keepLeaf());
  }

  /** From the next answer on, and kept. Resolves to whether that was done. */
  chooseModel(modelId: string): Promise<boolean> {
    return this.attempt(() => this.record.chooseModel(modelId));
  }

  /** What another tab, or this one, did to the conversation as a whole. */
  onChanged({ title, modelId }: Pick<ConversationData['conversation'], 'title' | 'modelId'>): void {
    this.title = title;
    this.record.receive(modelId);
  }

  /** An entry of any run of this conversation; entries that were folded before are skipped. */
  receive(generationId: string, entry: Entry, isLive: boolean): void {
    this.streams.receive(generationId, entry, isLive);
  }

  /** What another tab, or this one, did to the messages. */
  onOwnerEvent(event: OwnerEvent): void {
    if (event.type === 'messages-added') this.receiveMessages(event);
    if (event.type === 'messages-deleted') this.remove(event.messageIds);
    if (event.type === 'messages-restored') void this.catchUp();
  }

  /**
   * New messages that another tab, or this one, has added. What goes on from the end of the shown branch is followed;
   * everything else is another version, and takes no reader from what they read.
   */
  receiveMessages({ messages, leafId }: Extract<OwnerEvent, { type: 'messages-added' }>): void {
    const added = messages.filter(({ id }) => !this.branches.has(id));
    const goesOn = added.some(({ parentId }) => parentId === this.leafId);
    this.branches.add(messages);
    this.starts.follow(added);
    if (goesOn) this.branches.show(leafId);
  }

  /** What an answer starts with, by what is set here. */
  get answerStart(): string {
    return this.plan().start;
  }

  private plan({ modelId = this.modelId, parameters }: RetryOptions = {}): ReplyPlan {
    return (
      this.options.plan?.(modelId, parameters) ??
      planOf(modelId, { request: { parameters: parameters ?? {} } })
    );
  }

  private remove(messageIds: readonly string[]): void {
    this.branches.remove(messageIds);
    this.edits.strand((id) => this.branches.has(id));
  }

  private async start(request: Parameters<Starts['start']>[0]): Promise<boolean> {
    const isTaken = await this.attempt(() => this.starts.start(request));
    const answeredBy = request.replies.map(({ modelId }) => modelId);
    if (isTaken) await this.attempt(() => this.record.settleModel(answeredBy));
    return isTaken;
  }

  /** Tells the server which branch is shown; one that is being sent becomes so by itself. */
  private async keepLeaf(): Promise<void> {
    const { leafId } = this;
    if (leafId === null || this.starts.hasMessage(leafId)) return;
    await this.options.api.updateConversation(this.id, { leafId });
  }

  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.sendError = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.tell(thrown);
      return false;
    }
  }

  /** Asks the server again because of what happened elsewhere. */
  private async catchUp(): Promise<void> {
    await this.reload().catch((thrown: unknown) => this.tell(thrown));
  }

  private tell(thrown: unknown): void {
    this.sendError = thrownWords(thrown);
  }
}
