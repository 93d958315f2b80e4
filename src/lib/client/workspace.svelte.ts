import type { OwnerEvent } from '../domain/owner-event';
import { api, type ConversationsPage } from './api';
import { ChatSession } from './chat-session.svelte';
import { ConversationList } from './conversation-list.svelte';
import { newId } from './ids';
import { LiveEvents } from './live-events.svelte';
import { ModelCatalog, type ModelsData } from './model-catalog.svelte';
import { MessageQueues } from './message-queues.svelte';
import { Preferences } from './preferences.svelte';
import { SettingsBook, type Defaults } from './settings-book.svelte';
import { Undo } from './undo.svelte';
import { YourData } from './your-data.svelte';

export interface WorkspaceData extends ModelsData {
  conversations: ConversationsPage;
  /** The owner's defaults. */
  settings: Defaults;
  /** Whether whoever is here may connect servers. */
  canConnect: boolean;
}

/** What all parts of the page share: the list, the open conversations, the stream of events. */
export class Workspace {
  readonly list: ConversationList;
  readonly catalog: ModelCatalog;
  readonly live: LiveEvents;
  readonly data: YourData;
  readonly preferences = new Preferences();
  readonly finished = this.preferences.finished;
  readonly settings: SettingsBook;
  readonly undo = new Undo();
  /** Messages that wait to be sent. */
  readonly queues = new MessageQueues();
  readonly sidebar = this.preferences.sidebar;
  /** Where the reader was in each conversation: a message, and how far below the upper edge. */
  readonly places = new Map<string, { messageId: string; offset: number } | undefined>();
  private readonly sessions = new Map<string, ChatSession>();
  private current = $state.raw<ChatSession | null>(null);

  constructor({ conversations, settings, models, defaultModelId, canConnect }: WorkspaceData) {
    this.settings = new SettingsBook(api, settings);
    this.list = new ConversationList(api, conversations, this.undo);
    this.data = new YourData(this.list, this.undo);
    this.catalog = new ModelCatalog(api, { models, defaultModelId }, canConnect);
    this.live = new LiveEvents({
      api,
      onOwnerEvent: (event) => this.onOwnerEvent(event),
      onReturn: async () => {
        const { list, settings, catalog } = this;
        await Promise.all([this.current?.reload(), list.refresh(), settings.refresh(), catalog.refresh()]);
        this.noteRead();
      },
      onFirst: () => {
        this.list.refresh().catch(() => {
          // The list stays as the server drew it, until the next change of it or the next break.
        });
      },
      isBusy: () => this.current?.isRunning === true || this.list.hasRunning,
    });
  }

  /** The conversation with this id, which stays the same object while the page lives. */
  session(id: string): ChatSession {
    return this.sessions.get(id) ?? this.add(id, false);
  }

  /** One that the server does not know yet; it is made with the first message. Until somebody chooses, its model is the default. */
  newSession(onStarted: (id: string) => void): ChatSession {
    return this.add(newId(), true, onStarted);
  }

  /** The conversation that is open. */
  get shown(): ChatSession | null {
    return this.current;
  }

  /** Follows this conversation's events from now on. */
  show(session: ChatSession | null): void {
    this.current = session;
    this.live.follow(session);
    if (session) this.queues.watch(session);
    this.noteRead();
  }

  model(id: string) {
    return this.catalog.get(id);
  }

  get connections() {
    return this.catalog.connections;
  }

  /** Those to choose from. */
  get models() {
    return this.catalog.listed;
  }

  /** Of new conversations: the owner's choice, if it is here. */
  get defaultModelId(): string {
    const { defaultModelId = '' } = this.settings.owner.current;
    return this.catalog.standIn(defaultModelId)?.id ?? this.catalog.serverDefaultId;
  }

  /** Of the conversation that is open; of a new one otherwise. */
  get currentModel() {
    return this.model(this.current?.modelId ?? this.defaultModelId);
  }

  private add(id: string, isNew: boolean, onStarted?: (id: string) => void): ChatSession {
    const session = new ChatSession(id, isNew, {
      api: this.settings.around(api),
      schedule,
      plan: (modelId, parameters) =>
        this.settings.plan(id, { modelId, model: this.model(modelId), parameters }),
      standIn: (modelId) =>
        isNew && modelId === '' ? this.defaultModelId : this.catalog.standIn(modelId)?.id,
      ...(onStarted && { onStarted }),
    });
    this.sessions.set(id, session);
    return session;
  }

  private onOwnerEvent(event: OwnerEvent): void {
    if (event.type === 'conversation-changed') {
      const { id, isRunning, isUnread } = event.conversation;
      const former = this.list.get(id);
      // Its beginning may have fallen between two streams: what becomes unread has ended just now, too.
      const isKnown = former !== undefined || this.sessions.has(id);
      const hasEnded = former?.isRunning === true || (isKnown && isUnread && former?.isUnread !== true);
      if (hasEnded && !isRunning) this.finished.onFinished(event.conversation);
    }
    this.list.onEvent(event);
    this.data.onEvent(event);
    this.settings.onEvent(event);
    if (event.type === 'models-changed') void this.catalog.refresh();
    if ('conversationId' in event) this.sessions.get(event.conversationId)?.onOwnerEvent(event);
    if (event.type !== 'conversation-changed') return;
    const session = this.sessions.get(event.conversation.id);
    session?.onChanged(event.conversation);
    if (session) void this.catalog.find(session.record.chosenModelId);
    if (session === this.current) this.noteRead();
  }

  /** What is before somebody's eyes is read. A conversation that the list has not loaded may be unread. */
  noteRead(): void {
    const { current } = this;
    if (!current || document.hidden || this.list.get(current.id)?.isUnread === false) return;
    api.markRead(current.id).catch(() => {
      // It stays unread, which the next look at it puts right.
    });
  }
}

/** Before the next frame; a hidden page has no frames, so a clock does it there. */
function schedule(work: () => void): void {
  if (document.hidden) setTimeout(work, 50);
  else requestAnimationFrame(work);
}
