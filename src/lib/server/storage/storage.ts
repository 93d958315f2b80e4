import type { Conversation, ConversationSettings, ConversationSummary } from '../../domain/conversation';
import type { StoredFile } from '../../domain/files';
import type { EndStatus, Generation, PromptRecord } from '../../domain/generation';
import type { Entry, RunEnd } from '../../domain/generation-event';
import type { Message } from '../../domain/message';
import type { WholeConversation } from '../../domain/portable';
import type { SearchHit } from '../../domain/search-hit';
import type { SearchQuery } from '../../domain/search-terms';
import type { Settings, SettingsChanges } from '../../domain/settings';
import type { ConnectionStore } from './connection-store';
import type { FileStore } from './file-store';

/**
 * Keeps things. Methods are use cases; every one that touches a person's data takes the owner and sees nothing of
 * others: what belongs to another owner, or is deleted, is `not-found` like what never was. Faults of the driver are
 * thrown as `storage-unavailable`.
 */
export interface Storage {
  readonly conversations: ConversationStore;
  readonly generations: GenerationStore;
  readonly collection: CollectionStore;
  readonly files: FileStore;
  readonly settings: SettingsStore;
  readonly messages: MessageStore;
  readonly search: SearchStore;
  readonly processes: ProcessStore;
  readonly connections: ConnectionStore;
  /** Reads and writes once; throws `storage-unavailable` when that fails. */
  check(): Promise<void>;
  /** Finishes what is under way, then lets go of files and connections. May be called twice. */
  close(): Promise<void>;
}

export interface NewConversation {
  id: string;
  kind: Conversation['kind'];
  modelId: string;
  settings: ConversationSettings;
  createdAt: Date;
}

/** A conversation as a page opens it. */
export interface OpenedConversation {
  conversation: Conversation;
  /** All branches without what is deleted, oldest first. The text of a running message is only its prefix: the log has the rest. */
  messages: Message[];
  /** Those that have not ended. */
  generations: Generation[];
}

export interface ConversationPage {
  conversations: ConversationSummary[];
  /** Pass as `before` for the next page; `null` at the end. */
  next: string | null;
}

export interface ConversationStore {
  /** The same id of the same owner again answers with what is there; an id that another owner has is a `conflict`. */
  create(owner: string, conversation: NewConversation): Promise<Conversation>;
  /** `not-found` when it is not there. */
  get(owner: string, id: string): Promise<Conversation>;
  open(owner: string, id: string): Promise<OpenedConversation>;
  /** Pinned ones first, then newest first by `updatedAt`, then `id`; those without messages are left out. `limit` at most 200. */
  list(owner: string, page: { before?: string; limit: number }): Promise<ConversationPage>;
  summary(owner: string, id: string): Promise<ConversationSummary>;
  /** Changes what is given, `settings` by key. `leafId` must be a message of the conversation (`invalid-input` otherwise). */
  update(owner: string, id: string, changes: ConversationChanges): Promise<Conversation>;
  /** Changes the title while it is still `from`, atomically; returns whether it was. */
  retitle(owner: string, id: string, titles: { from: string; to: string }): Promise<boolean>;
  /** Takes the mark away that an ended answer left; returns whether there was one. */
  markRead(owner: string, id: string): Promise<boolean>;
  /** Hides it at once; twice is fine. Runs are stopped by the caller. */
  delete(owner: string, id: string, at: Date): Promise<void>;
  /** Undoes `delete`; `not-found` once it is purged. */
  restore(owner: string, id: string): Promise<Conversation>;
  /** Removes what was deleted before `before` with all that hangs from it, at most `limit`; returns how many went. */
  purge(before: Date, limit: number): Promise<number>;
}

export type ConversationChanges = Partial<Pick<Conversation, 'title' | 'leafId' | 'modelId' | 'isPinned'>> & {
  settings?: SettingsChanges | undefined;
};

/** The start of one or more runs, written in one call. */
export interface BeginGenerations {
  conversationId: string;
  generations: Generation[];
  /** The user's message, if any, and one message in status `running` per generation and choice. Parents before children. */
  messages: Message[];
  /** The new end of the shown branch. */
  leafId: string;
  /** Used when the conversation has no title yet. */
  title: string;
}

export interface EntryBatch {
  generationId: string;
  /** Without a gap; the first follows the last that this writer stored. */
  entries: Entry[];
}

/** `collided`: another writer has already stored an entry with one of these numbers; nothing of the batch was stored. */
export type AppendOutcome = 'stored' | 'collided';

/** What the end of a run leaves: the row's status and the messages as folded. */
export interface FinishGeneration {
  generationId: string;
  end: RunEnd & { status: EndStatus };
  messages: Message[];
  endedAt: Date;
}

export interface StopRequest {
  generationId: string;
  throughSeq: number | undefined;
}

export interface GenerationStore {
  /**
   * Atomic. `existing` when all generation ids are there already with the same `requestHash` (nothing is written);
   * `conflict` when only some are, the hash differs, or a message id is taken; `not-found` when the conversation or the
   * parent is not there or deleted.
   */
  begin(owner: string, start: BeginGenerations): Promise<'begun' | 'existing'>;
  /** `not-found` when it is not there or its conversation is deleted. */
  get(owner: string, generationId: string): Promise<Generation>;
  /** The messages of a generation by choice, as stored. */
  messages(owner: string, generationId: string): Promise<Message[]>;
  /** Marks a queued generation as running; nothing happens to one that has ended. */
  markRunning(generationIds: string[]): Promise<void>;
  /**
   * Keeps how the prompt of each run was made. The first record counts; also after the end, which may come at once.
   * What is not there is passed over.
   */
  recordPrompts(records: { generationId: string; prompt: PromptRecord }[]): Promise<void>;
  /**
   * Appends batches of several runs in one transaction; one outcome per batch, in order. One collision fails no other.
   * What is not the next number collides too, and so does a run that is not there. Works while a conversation is
   * deleted: its runs are being stopped then.
   */
  append(batches: EntryBatch[]): Promise<AppendOutcome[]>;
  /** Entries after `afterSeq` in order, at most `limit`. Empty after they expired. */
  entries(owner: string, generationId: string, afterSeq: number, limit: number): Promise<Entry[]>;
  /**
   * Writes the messages, then the status; unless a person stopped it, the conversation becomes unread. Repeatable; a generation that has ended keeps its first end. Works while a
   * conversation is deleted; what is not there is passed over.
   */
  finish(finished: FinishGeneration[]): Promise<void>;
  /** Leaves a flag for the process that runs it. The first flag counts. `not-found` as `get`. */
  requestStop(owner: string, stop: StopRequest): Promise<void>;
  /** Flags for runs of this process that have not ended. */
  stopRequests(processId: string): Promise<StopRequest[]>;
  /**
   * Generations that have not ended and whose process is not among `livingProcessIds`, oldest first, with their owner.
   * Those of deleted conversations come when it is restored.
   */
  orphans(livingProcessIds: string[], limit: number): Promise<{ owner: string; generation: Generation }[]>;
  /** Drops the entries of generations that ended before `before`, at most `limit` generations; returns how many. */
  expireEntries(before: Date, limit: number): Promise<number>;
}

/** `existing`: it is there already; `taken`: an id of it belongs to something else, and nothing was written. */
export type ImportOutcome = 'imported' | 'existing' | 'taken';

/** What is exported, imported and deleted together: all that an owner has. What is deleted counts as not there. */
export interface CollectionStore {
  /** Conversations that have messages and are not deleted. */
  count(owner: string): Promise<number>;
  /**
   * Their ids, oldest first by creation, then `id`: one that changes meanwhile keeps its place. `limit` at most 1000;
   * pass `next` as `after`.
   */
  ids(
    owner: string,
    page: { after?: string; limit: number },
  ): Promise<{ ids: string[]; next: string | null }>;
  /** With the runs that wrote any of its messages. `not-found` as `conversations.get`. */
  whole(owner: string, id: string): Promise<WholeConversation>;
  /**
   * Adds a conversation with all that it has; atomic, and repeatable. `existing` when the owner has it with at least
   * these messages; one that is deleted is restored then, which is `imported`. One of which messages were deleted is
   * `taken`. It is read. Runs must have ended. `files` are those that its messages show and the owner may not have.
   */
  import(owner: string, whole: WholeConversation, files?: StoredFile[]): Promise<ImportOutcome>;
  /**
   * Hides all at once, the owner's defaults too, and leaves a flag to stop for each of their runs; returns how many
   * `count` had. Files that no message shows are purged next.
   */
  deleteAll(owner: string, at: Date): Promise<number>;
  /** Undoes the `deleteAll` of that instant, as far as it is not purged; returns how many `count` has got back. */
  restoreAll(owner: string, at: Date): Promise<number>;
}

/** The defaults of owners, for all their conversations. */
export interface SettingsStore {
  /** Nothing is set until the first change. */
  get(owner: string): Promise<Settings>;
  /** Changes by key, atomically; returns all that is set then. */
  update(owner: string, changes: SettingsChanges): Promise<Settings>;
  /** Removes those that `collection.deleteAll` hid before `before`; returns how many. */
  purge(before: Date): Promise<number>;
}

export interface MessagesDeletion {
  conversationId: string;
  /** It goes with everything that hangs from it. */
  messageId: string;
  at: Date;
}

/** What a deletion hid. */
export interface DeletedMessages {
  /** Hidden by it, oldest first; empty when it was deleted before. */
  messageIds: string[];
  /** Runs that have not ended and of whose messages none is left to see. */
  generationIds: string[];
  /** The end of the branch that is shown now; `null`: no message is left. */
  leafId: string | null;
}

/** A conversation that begins with the path to a message of another one. */
export interface NewFork {
  /** The conversation that is copied from. */
  conversationId: string;
  /** The last message that is copied. */
  messageId: string;
  /** Of the new conversation. */
  id: string;
  createdAt: Date;
}

export interface MessageStore {
  /**
   * Adds a message that no run writes; it becomes the end of the branch that is shown. Atomic. `existing` when the same
   * message is there already; `conflict` when its id is taken otherwise; `not-found` when the conversation or the parent
   * is not there or deleted.
   */
  add(owner: string, message: Message): Promise<'added' | 'existing'>;
  /**
   * Hides a message with all that hangs from it at once; a shown branch that went through it ends at the nearest version,
   * or at the parent. Atomic; twice is fine. Runs are stopped by the caller. What an earlier deletion hid below stays of
   * that one. `not-found` when it is not there, or hidden by the deletion of another message.
   */
  delete(owner: string, deletion: MessagesDeletion): Promise<DeletedMessages>;
  /**
   * Undoes `delete` of this message; twice is fine. The shown branch leads to it again. While a message above is still
   * deleted it stays hidden and comes back with that one. Returns the end of the shown branch. `not-found` once it is purged.
   */
  restore(owner: string, conversationId: string, messageId: string): Promise<string | null>;
  /**
   * Copies the path to a message into a new conversation, with ids of their own, and its model and settings. Atomic; the
   * same id of the same owner again answers with what is there. `conflict` when the id is taken by another, or a message
   * is still being written; `not-found` when the message is not there or deleted.
   */
  fork(owner: string, fork: NewFork): Promise<Conversation>;
  /** Removes what was deleted before `before`, with its runs, by at most `limit` deletions; returns how many. */
  purge(before: Date, limit: number): Promise<number>;
}

export interface SearchPage {
  hits: SearchHit[];
  /** Pass as `before` for the next page; `null` at the end. */
  next: string | null;
}

export interface SearchStore {
  /**
   * Titles and messages that match all of `query`: titles first, newest first by `updatedAt`, then messages, the last
   * stored first. A message is found from the end of its run on. Nothing matches an empty query. `limit` at most 100.
   */
  find(owner: string, query: SearchQuery, page: { before?: string; limit: number }): Promise<SearchPage>;
}

export interface ProcessStore {
  /** Raises the counter of this process (its row is made at the first beat). */
  beat(processId: string): Promise<void>;
  list(): Promise<{ processId: string; counter: number }[]>;
  remove(processId: string): Promise<void>;
}
