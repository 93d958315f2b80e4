import { getContext, setContext, untrack } from 'svelte';
import type { ModelSummary } from '../domain/model-summary';
import type { OwnerEvent } from '../domain/owner-event';
import { api, type ConversationsPage } from './api';
import { ChatSession } from './chat-session.svelte';
import { ConversationList } from './conversation-list.svelte';
import { FinishedNotice } from './finished-notice.svelte';
import { newId } from './ids';
import { LiveEvents } from './live-events.svelte';
import { MessageQueue } from './message-queue.svelte';
import { Preferences } from './preferences.svelte';
import { YourData } from './your-data.svelte';

export interface WorkspaceData {
  conversations: ConversationsPage;
  models: ModelSummary[];
  defaultModelId: string;
}

/** What all parts of the page share: the list, the open conversations, the stream of events. */
export class Workspace {
  readonly list: ConversationList;
  readonly live: LiveEvents;
  readonly data: YourData;
  readonly preferences = new Preferences();
  readonly finished = new FinishedNotice();
  models = $state.raw<ModelSummary[]>([]);
  isSidebarOpen = $state(false);
  readonly defaultModelId: string;
  /** Where the reader was in each conversation: a message, and how far below the upper edge. */
  readonly places = new Map<string, { messageId: string; offset: number } | undefined>();
  private readonly queues = new Map<string, MessageQueue>();
  /** Of the conversations that were shown; not of those that were only made, since that happens while drawing. */
  private shownQueues = $state.raw<readonly MessageQueue[]>([]);
  private readonly sessions = new Map<string, ChatSession>();
  private current: ChatSession | null = null;

  constructor({ conversations, models, defaultModelId }: WorkspaceData) {
    this.list = new ConversationList(api, conversations);
    this.data = new YourData(this.list);
    this.models = models;
    this.defaultModelId = defaultModelId;
    this.live = new LiveEvents({
      api,
      onOwnerEvent: (event) => this.onOwnerEvent(event),
      onReturn: async () => {
        await Promise.all([this.current?.reload(), this.list.refresh()]);
      },
      isBusy: () => this.current?.isRunning === true || this.list.hasRunning,
    });
  }

  /** The conversation with this id, which stays the same object while the page lives. */
  session(id: string): ChatSession {
    return this.sessions.get(id) ?? this.add(id, false);
  }

  /** One that the server does not know yet; it is made with the first message. */
  newSession(onStarted: (id: string) => void): ChatSession {
    const session = this.add(newId(), true, onStarted);
    session.modelId = this.defaultModelId;
    return session;
  }

  /** The messages that wait to be sent in this conversation. */
  queueOf(session: ChatSession): MessageQueue {
    const queue = this.queues.get(session.id) ?? new MessageQueue(session);
    this.queues.set(session.id, queue);
    return queue;
  }

  /** Sends what waits wherever it may go now. To be called from an effect, which then knows when to call again. */
  sendQueued(): void {
    for (const queue of this.shownQueues) if (queue.isReady) void untrack(() => queue.sendNext());
  }

  /** Follows this conversation's events from now on. */
  show(session: ChatSession | null): void {
    this.current = session;
    this.live.follow(session);
    if (session) this.shownQueues = [...new Set(untrack(() => this.shownQueues)).add(this.queueOf(session))];
  }

  model(id: string): ModelSummary | undefined {
    return this.models.find((model) => model.id === id);
  }

  private add(id: string, isNew: boolean, onStarted?: (id: string) => void): ChatSession {
    const session = new ChatSession(id, isNew, { api, schedule, ...(onStarted && { onStarted }) });
    this.sessions.set(id, session);
    return session;
  }

  private onOwnerEvent(event: OwnerEvent): void {
    if (event.type === 'conversation-changed') {
      const wasRunning = this.list.isRunning(event.conversation.id);
      if (wasRunning && !event.conversation.isRunning) this.finished.onFinished(event.conversation);
    }
    this.list.onEvent(event);
    this.data.onEvent(event);
    if (event.type === 'messages-added') this.sessions.get(event.conversationId)?.receiveMessages(event);
    if (event.type !== 'conversation-changed') return;
    const session = this.sessions.get(event.conversation.id);
    if (session) session.title = event.conversation.title;
  }
}

/** Before the next frame; a hidden page has no frames, so a clock does it there. */
function schedule(work: () => void): void {
  if (document.hidden) setTimeout(work, 50);
  else requestAnimationFrame(work);
}

const key = Symbol('workspace');

export function provideWorkspace(data: WorkspaceData): Workspace {
  return setContext(key, new Workspace(data));
}

export function useWorkspace(): Workspace {
  return getContext<Workspace>(key);
}
