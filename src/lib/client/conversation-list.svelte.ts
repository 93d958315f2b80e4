import type { ConversationSummary } from '../domain/conversation';
import type { OwnerEvent } from '../domain/owner-event';
import type { Api, ConversationsPage } from './api';
import { dateGroup } from './date-groups';
import { thrownWords } from './error-words';

const undoMs = 8000;

export interface DatedGroup {
  label: string;
  conversations: ConversationSummary[];
}

/** The conversations of the sidebar, newest first, kept current by the events of the list. */
export class ConversationList {
  conversations = $state.raw<ConversationSummary[]>([]);
  /** What was deleted last, as long as that can be undone. */
  deleted = $state.raw<ConversationSummary | null>(null);
  error = $state.raw<string | null>(null);
  private next = $state.raw<string | null>(null);
  readonly hasMore = $derived(this.next !== null);
  readonly groups = $derived(groupByDate(this.conversations, new Date()));
  private isLoading = false;
  private undoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    firstPage: ConversationsPage,
  ) {
    this.conversations = firstPage.conversations;
    this.next = firstPage.next;
  }

  titleOf(id: string): string | undefined {
    return this.conversations.find((conversation) => conversation.id === id)?.title;
  }

  /** Whether an answer is being written in any of those that are listed. */
  get hasRunning(): boolean {
    return this.conversations.some(({ isRunning }) => isRunning);
  }

  isRunning(id: string): boolean {
    return this.conversations.some((conversation) => conversation.id === id && conversation.isRunning);
  }

  onEvent(event: OwnerEvent): void {
    if (event.type === 'conversation-changed') this.put(event.conversation);
    if (event.type === 'conversation-deleted') this.take(event.conversationId);
    if (event.type === 'list-cleared' || event.type === 'list-changed') void this.reload();
  }

  /** Asks for the newest page again; what was loaded further down stays. */
  async refresh(): Promise<void> {
    const { conversations } = await this.api.listConversations(null);
    const fresh = new Set(conversations.map(({ id }) => id));
    const oldest = conversations.at(-1)?.updatedAt ?? new Date(0);
    const rest = this.conversations.filter(({ id, updatedAt }) => !fresh.has(id) && updatedAt < oldest);
    this.conversations = [...conversations, ...rest];
  }

  /** Asks for the list from its beginning: many conversations came or went at once. */
  async reload(): Promise<void> {
    await this.attempt(async () => {
      const { conversations, next } = await this.api.listConversations(null);
      this.conversations = conversations;
      this.next = next;
    });
  }

  async loadMore(): Promise<void> {
    if (this.isLoading || this.next === null) return;
    this.isLoading = true;
    await this.attempt(async () => {
      const page = await this.api.listConversations(this.next);
      const known = new Set(this.conversations.map(({ id }) => id));
      this.conversations = [...this.conversations, ...page.conversations.filter(({ id }) => !known.has(id))];
      this.next = page.next;
    });
    this.isLoading = false;
  }

  async rename(conversation: ConversationSummary, title: string): Promise<void> {
    this.put({ ...conversation, title });
    const isDone = await this.attempt(() => this.api.updateConversation(conversation.id, { title }));
    if (!isDone) this.put(conversation);
  }

  /** Takes it from the list; for a while it can be brought back. */
  async delete(conversation: ConversationSummary): Promise<void> {
    this.take(conversation.id);
    const isDone = await this.attempt(() => this.api.deleteConversation(conversation.id));
    if (!isDone) return this.put(conversation);
    clearTimeout(this.undoTimer);
    this.deleted = conversation;
    this.undoTimer = setTimeout(() => this.dismissUndo(), undoMs);
  }

  /** Resolves to the id of what was brought back. */
  async undoDelete(): Promise<string | undefined> {
    const { deleted } = this;
    if (!deleted) return undefined;
    this.dismissUndo();
    const isDone = await this.attempt(() => this.api.restoreConversation(deleted.id));
    if (isDone) this.put({ ...deleted, isRunning: false });
    return isDone ? deleted.id : undefined;
  }

  dismissUndo(): void {
    clearTimeout(this.undoTimer);
    this.deleted = null;
  }

  private put(conversation: ConversationSummary): void {
    const others = this.conversations.filter(({ id }) => id !== conversation.id);
    const at = others.findIndex(({ updatedAt }) => updatedAt <= conversation.updatedAt);
    this.conversations = others.toSpliced(at === -1 ? others.length : at, 0, conversation);
  }

  private take(id: string): void {
    this.conversations = this.conversations.filter((conversation) => conversation.id !== id);
  }

  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.error = null;
      return true;
    } catch (thrown) {
      this.error = thrownWords(thrown);
      return false;
    }
  }
}

function groupByDate(conversations: readonly ConversationSummary[], now: Date): DatedGroup[] {
  const groups: DatedGroup[] = [];
  for (const conversation of conversations) {
    const label = dateGroup(conversation.updatedAt, now);
    const last = groups.at(-1);
    if (last?.label === label) last.conversations.push(conversation);
    else groups.push({ label, conversations: [conversation] });
  }
  return groups;
}
