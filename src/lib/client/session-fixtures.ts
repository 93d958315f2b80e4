import type { Conversation } from '../domain/conversation';
import type { Entry, GenerationEvent, RunEnd } from '../domain/generation-event';
import type { Message } from '../domain/message';
import { partsOf } from '../domain/parts';
import { plannedMessages } from '../domain/planned-messages';
import type { StartReplies } from '../domain/requests';
import type { Settings } from '../domain/settings';
import { ApiError, type Api, type ConversationData } from './api';
import { ChatSession } from './chat-session.svelte';
import { planOf } from './replies';

export const conversation: Conversation = {
  id: 'conversation',
  kind: 'chat',
  title: 'Words',
  leafId: 'a1',
  modelId: 'model',
  settings: {},
  createdAt: new Date(0),
  updatedAt: new Date(0),
  isPinned: false,
};

export function message(id: string, parentId: string | null, changes: Partial<Message> = {}): Message {
  return {
    id,
    conversationId: 'conversation',
    parentId,
    role: id.startsWith('q') ? 'user' : 'assistant',
    parts: partsOf(`text of ${id}`),
    origin: id.startsWith('q') ? 'user' : 'model',
    status: 'complete',
    createdAt: new Date(0),
    ...changes,
  };
}

/** A question with its answer. */
export const opened: ConversationData = {
  conversation,
  messages: [message('q1', null), message('a1', 'q1')],
  cursors: [],
};

export const delta = (seq: number, text: string): Entry =>
  entry(seq, { type: 'delta', choice: 0, kind: 'text', text });
export const runEnd = (seq: number, changes: Partial<RunEnd> = {}): Entry =>
  entry(seq, { type: 'run-end', status: 'completed', ...changes });
const entry = (seq: number, event: GenerationEvent): Entry => ({ seq, event });

export const lost = () =>
  new ApiError({ code: 'backend-unreachable', message: 'Gone.', retryable: true }, false);
export const refused = () => new ApiError({ code: 'conflict', message: 'No.', retryable: false }, true);

/** A server that notes what it is asked, and whose answers a test decides. */
export class FakeServer {
  readonly calls: unknown[][] = [];
  readonly requests: StartReplies[] = [];
  /** Thrown by the next calls, one each. */
  readonly faults: Error[] = [];
  data = opened;
  deletedLeafId: string | null = 'q1';
  /** The owner's defaults. */
  settings: Settings = {};
  /** Of the last request for answers. */
  stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  isStreamLeft = false;

  readonly session = new ChatSession('conversation', false, {
    api: this.api(),
    schedule: (work) => work(),
    plan: (modelId, parameters = {}) => planOf(modelId, { owner: this.settings, request: { parameters } }),
  });

  /** The messages of the last request, as another tab is told of them. */
  added() {
    const request = this.requests.at(-1);
    if (!request) throw new Error('Nothing was sent.');
    const messages = plannedMessages('conversation', request, new Date(5));
    const leafId = request.replies[0]?.messageIds[0] ?? '';
    return { type: 'messages-added' as const, conversationId: 'conversation', leafId, messages };
  }

  get lastRun(): string {
    return this.requests.at(-1)?.replies[0]?.generationId ?? '';
  }

  private api(): Api {
    const noted = <T>(name: string, answer: (...args: never[]) => T) =>
      (async (...args: never[]) => {
        this.calls.push([name, ...args]);
        const fault = this.faults.shift();
        if (fault) throw fault;
        return Promise.resolve(answer(...args));
      }) as unknown as never;
    return {
      startReplies: noted('startReplies', (_: string, request: StartReplies) => this.begin(request)),
      openConversation: noted('openConversation', () => this.data),
      updateConversation: noted('updateConversation', () => conversation),
      editAnswer: noted('editAnswer', (_: string, __: string, edit: { id: string; text: string }) =>
        message(edit.id, 'q1', { origin: 'edited', parts: partsOf(edit.text) }),
      ),
      deleteMessage: noted('deleteMessage', (_: string, id: string) => ({
        messageIds: [id],
        leafId: this.deletedLeafId,
      })),
      restoreMessage: noted('restoreMessage', () => ({ leafId: 'a1' })),
      fork: noted('fork', () => conversation),
      stop: noted('stop', () => undefined),
    } as unknown as Api;
  }

  private begin(request: StartReplies): ReadableStream<Uint8Array> {
    this.requests.push(request);
    return new ReadableStream({
      start: (controller) => {
        this.stream = controller;
      },
      cancel: () => {
        this.isStreamLeft = true;
      },
    });
  }
}

/** A session that shows the question and its answer. */
export function openedServer(): FakeServer {
  const server = new FakeServer();
  server.session.load(server.data);
  return server;
}
