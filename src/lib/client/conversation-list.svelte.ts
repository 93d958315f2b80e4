import type { ConversationSummary } from '../domain/conversation';
import type { OwnerEvent } from '../domain/owner-event';
import type { Api, ConversationsPage } from './api';
import { thrownWords } from './error-words';
import { compareListed, groupListed, placeIn, type ListGroup } from './listed';
import { Selection } from './selection.svelte';
import type { Undo } from './undo.svelte';

/** How many calls for one selection are under way at a time. */
const callsAtOnce = 4;

/** The conversations of the sidebar in their order, kept current by the events of the list. */
export class ConversationList {
  conversations = $state.raw<readonly ConversationSummary[]>([]);
  error = $state.raw<string | null>(null);
  /** The page that comes next; `null`: all are here. */
  next = $state.raw<string | null>(null);
  readonly selection = new Selection(() => this.conversations);
  /** As it was when its page was loaded: what sorts after it comes with the next page. */
  private last: ConversationSummary | undefined;
  private former: ListGroup[] = [];
  readonly groups = $derived((this.former = groupListed(this.conversations, new Date(), this.former)));
  private readonly byId = new Map<string, ConversationSummary>();
  private isLoading = false;
  /** Events since each request that is under way was made. */
  private readonly toldMeanwhile = new Set<OwnerEvent[]>();

  constructor(
    private readonly api: Api,
    firstPage: ConversationsPage,
    private readonly undo: Undo,
  ) {
    this.show(firstPage.conversations);
    this.last = firstPage.conversations.at(-1);
    this.next = firstPage.next;
  }

  /** As far as it is loaded; current when `conversations` is read beside it. */
  get(id: string): ConversationSummary | undefined {
    return this.byId.get(id);
  }

  /** Whether an answer is being written in any of those that are listed. */
  get hasRunning(): boolean {
    return this.conversations.some(({ isRunning }) => isRunning);
  }

  onEvent(event: OwnerEvent): void {
    for (const told of this.toldMeanwhile) told.push(event);
    this.apply(event);
    if (event.type === 'list-cleared' || event.type === 'list-changed') void this.reload();
  }

  private apply(event: OwnerEvent): void {
    if (event.type === 'conversation-changed') this.put(event.conversation);
    if (event.type === 'conversation-deleted') this.take(event.conversationId);
  }

  /** Asks for a page and shows it. What is told meanwhile counts after it: the answer may be older. */
  private async ask(before: string | null, show: (page: ConversationsPage) => void): Promise<void> {
    const told: OwnerEvent[] = [];
    this.toldMeanwhile.add(told);
    try {
      show(await this.api.listConversations(before));
    } finally {
      this.toldMeanwhile.delete(told);
    }
    for (const event of told) this.apply(event);
  }

  /** Asks for the first page again; what was loaded further down stays. */
  async refresh(): Promise<void> {
    await this.ask(null, ({ conversations, next }) => {
      if (next === null) {
        this.next = null;
        return this.show(conversations);
      }
      const last = conversations.at(-1);
      const fresh = new Set(conversations.map(({ id }) => id));
      const rest = this.conversations.filter(
        (old) => !fresh.has(old.id) && last && compareListed(last, old) < 0,
      );
      this.show([...conversations, ...rest]);
    });
  }

  /** Asks for the list from its beginning: many conversations came or went at once. */
  async reload(): Promise<void> {
    await this.attempt(() =>
      this.ask(null, ({ conversations, next }) => {
        this.next = next;
        this.last = conversations.at(-1);
        this.show(conversations);
      }),
    );
  }

  async loadMore(): Promise<void> {
    if (this.isLoading || this.next === null) return;
    this.isLoading = true;
    const before = this.next;
    await this.attempt(() =>
      this.ask(before, ({ conversations, next }) => {
        // The list has begun anew meanwhile: something else comes next.
        if (this.next !== before) return;
        const fresh = conversations.filter(({ id }) => !this.byId.has(id));
        this.next = next;
        this.last = conversations.at(-1);
        this.show([...this.conversations, ...fresh]);
      }),
    );
    this.isLoading = false;
  }

  async rename(conversation: ConversationSummary, title: string): Promise<void> {
    this.put({ ...conversation, title });
    const isDone = await this.attempt(() => this.api.updateConversation(conversation.id, { title }));
    if (!isDone) this.put(conversation);
  }

  async setPinned(conversations: readonly ConversationSummary[], isPinned: boolean): Promise<void> {
    const changed = conversations.filter((conversation) => conversation.isPinned !== isPinned);
    for (const conversation of changed) this.put({ ...conversation, isPinned });
    const failed = await this.attemptEach(changed, ({ id }) => this.api.updateConversation(id, { isPinned }));
    for (const conversation of failed) this.put(conversation);
  }

  /** Takes them from the list; for a while they can be brought back. */
  async delete(conversations: readonly ConversationSummary[]): Promise<void> {
    for (const { id } of conversations) this.take(id);
    const failed = await this.attemptEach(conversations, ({ id }) => this.api.deleteConversation(id));
    for (const conversation of failed) this.put(conversation);
    const deleted = conversations.filter((conversation) => !failed.includes(conversation));
    const [first, ...others] = deleted;
    if (!first) return;
    const text =
      others.length === 0
        ? `Deleted “${first.title || 'New chat'}”`
        : `Deleted ${String(deleted.length)} conversations`;
    this.undo.propose({ text, undo: () => this.bringBack(deleted) });
  }

  /** Resolves to the address of the one that was brought back, if it was one alone. */
  private async bringBack(deleted: readonly ConversationSummary[]): Promise<string | undefined> {
    const failed = await this.attemptEach(deleted, ({ id }) => this.api.restoreConversation(id));
    const restored = deleted.filter((conversation) => !failed.includes(conversation));
    for (const conversation of restored) this.put({ ...conversation, isRunning: false });
    const [first, ...others] = restored;
    return first && others.length === 0 ? `/conversation/${first.id}` : undefined;
  }

  dismissError(): void {
    this.error = null;
  }

  private show(conversations: readonly ConversationSummary[]): void {
    this.byId.clear();
    for (const conversation of conversations) this.byId.set(conversation.id, conversation);
    this.conversations = conversations;
  }

  private put(conversation: ConversationSummary): void {
    const isBelow = this.next !== null && this.last && compareListed(this.last, conversation) < 0;
    // Shown now it would stand right under what is loaded, where others belong.
    if (isBelow) return this.take(conversation.id);
    const others = this.without(conversation.id);
    const at = placeIn(others, conversation);
    this.byId.set(conversation.id, conversation);
    this.conversations = others.toSpliced(at, 0, conversation);
  }

  private take(id: string): void {
    this.conversations = this.without(id);
    this.byId.delete(id);
    this.selection.drop(id);
  }

  private without(id: string): readonly ConversationSummary[] {
    const old = this.byId.get(id);
    return old ? this.conversations.toSpliced(placeIn(this.conversations, old), 1) : this.conversations;
  }

  /** Returns those for which `work` failed. */
  private async attemptEach(
    conversations: readonly ConversationSummary[],
    work: (conversation: ConversationSummary) => Promise<unknown>,
  ): Promise<ConversationSummary[]> {
    const waiting = [...conversations];
    const failed: ConversationSummary[] = [];
    const carryOut = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const conversation = next;
        if (!(await this.attempt(() => work(conversation)))) failed.push(conversation);
      }
    };
    await Promise.all(Array.from({ length: callsAtOnce }, carryOut));
    return failed;
  }

  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.error = thrownWords(thrown);
      return false;
    }
  }
}
