import type { Conversation, ConversationSummary } from '../domain/conversation';
import type { PublicError } from '../domain/errors';
import type { Message } from '../domain/message';
import type { ExactPrompt, GenerationDetails, Measure } from '../domain/prompt';
import type { ModelSummary } from '../domain/model-summary';
import type {
  CreateConversation,
  EditAnswer,
  ForkConversation,
  MeasureRequest,
  StartReplies,
  UpdateConversation,
} from '../domain/requests';
import type { SearchHit } from '../domain/search-hit';
import type { Settings, SettingsChanges } from '../domain/settings';
import { fromWire, type Wire } from '../domain/wire';
import { modelAddress } from './model-address';

/** What the server said no with, or that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly fault: PublicError,
    /** Whether the server answered at all. */
    readonly wasAnswered: boolean,
  ) {
    super(fault.message);
  }
}

/** Whether the server said that what was asked for is not there. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.wasAnswered && thrown.fault.code === 'not-found';
}

export interface RunCursor {
  generationId: string;
  seq: number;
}

/** A conversation as `GET /api/conversations/:id` gives it. */
export interface ConversationData {
  conversation: Conversation;
  messages: Message[];
  cursors: RunCursor[];
}

/** What went with a message, and the end of the branch that the server shows now. */
export interface MessagesDeleted {
  messageIds: string[];
  leafId: string | null;
}

/** What `GET /api/search` found. */
export interface SearchAnswer {
  hits: SearchHit[];
  next: string | null;
}

export interface ConversationsPage {
  conversations: ConversationSummary[];
  next: string | null;
}

/** The calls of our own API. Each throws `ApiError`. */
export const api = {
  createConversation: (body: CreateConversation) => call<Conversation>('POST', '/api/conversations', body),
  listConversations: (before: string | null) =>
    call<ConversationsPage>('GET', `/api/conversations?${queryOf({ before })}`),
  search: (q: string, limit: number, before: string | null, signal: AbortSignal) =>
    call<SearchAnswer>('GET', `/api/search?${queryOf({ q, limit, before })}`, undefined, signal),
  openConversation: (id: string) => call<ConversationData>('GET', `/api/conversations/${id}`),
  updateConversation: (id: string, body: UpdateConversation) =>
    call<Conversation>('PATCH', `/api/conversations/${id}`, body),
  deleteConversation: (id: string) => call<undefined>('DELETE', `/api/conversations/${id}`),
  restoreConversation: (id: string) => call<Conversation>('POST', `/api/conversations/${id}/restore`),
  /** Another version of an answer, with a text of one's own. */
  editAnswer: (id: string, messageId: string, body: EditAnswer) =>
    call<Message>('POST', `/api/conversations/${id}/messages/${messageId}/edits`, body),
  deleteMessage: (id: string, messageId: string) =>
    call<MessagesDeleted>('DELETE', `/api/conversations/${id}/messages/${messageId}`),
  restoreMessage: (id: string, messageId: string) =>
    call<{ leafId: string | null }>('POST', `/api/conversations/${id}/messages/${messageId}/restore`),
  fork: (id: string, messageId: string, body: ForkConversation) =>
    call<Conversation>('POST', `/api/conversations/${id}/messages/${messageId}/fork`, body),
  markRead: (id: string) => call<undefined>('POST', `/api/conversations/${id}/read`),
  stop: (generationId: string, throughSeq: number) =>
    call<undefined>('POST', `/api/generations/${generationId}/stop`, { throughSeq }),
  listModels: () => call<{ models: ModelSummary[]; defaultId: string }>('GET', '/api/models'),
  getModel: (id: string) => call<ModelSummary>('GET', `/api${modelAddress(id)}`),
  getSettings: () => call<Settings>('GET', '/api/settings'),
  updateSettings: (changes: SettingsChanges) => call<Settings>('PATCH', '/api/settings', changes),
  getGeneration: (id: string) => call<GenerationDetails>('GET', `/api/generations/${id}`),
  exactPrompt: (generationId: string) => call<ExactPrompt>('GET', `/api/generations/${generationId}/prompt`),
  measure: (body: MeasureRequest, signal: AbortSignal) => call<Measure>('POST', '/api/measure', body, signal),
  /** Starts runs; the body is their event stream. */
  startReplies: (id: string, body: StartReplies) => stream('POST', `/api/conversations/${id}/messages`, body),
  /** The endless stream of a conversation's runs and of the list's changes. */
  events: (conversationId: string | null, cursors: readonly RunCursor[], signal: AbortSignal) => {
    const query = new URLSearchParams();
    if (conversationId !== null) query.set('conversation', conversationId);
    if (cursors.length > 0)
      query.set('cursor', cursors.map((c) => `${c.generationId}:${String(c.seq)}`).join(','));
    return stream('GET', `/api/events?${query.toString()}`, undefined, signal);
  },
};

export type Api = typeof api;

/** Characters: browsers keep no more than 64 KiB alive, and a character may be three bytes. */
const longestKeptAlive = 20_000;

export async function call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const response = await send(method, path, body, signal);
  if (response.status === 204) return undefined as T;
  return fromWire<T>((await response.json()) as Wire<T>);
}

/** Posts bytes as they are. */
export async function callWith<T>(path: string, blob: Blob): Promise<T> {
  const response = await fetch(path, { method: 'POST', body: blob }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw new ApiError(await faultOf(response), true);
  return fromWire<T>((await response.json()) as Wire<T>);
}

function queryOf(values: Record<string, string | number | null>): string {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

async function stream(
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await send(method, path, body, signal);
  if (!response.body) throw unreachable();
  return response.body;
}

async function send(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
  const text = body && JSON.stringify(body);
  const response = await fetch(path, {
    method,
    ...(text !== undefined && { headers: { 'content-type': 'application/json' }, body: text }),
    // A change that is sent while the page goes is made all the same.
    keepalive: method === 'PATCH' && text !== undefined && text.length < longestKeptAlive,
    ...(signal && { signal }),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw new ApiError(await faultOf(response), true);
  return response;
}

async function faultOf(response: Response): Promise<PublicError> {
  const parsed = (await response.json().catch(() => undefined)) as { error?: PublicError } | undefined;
  return parsed?.error ?? unknownFault(response.status);
}

/** Of an answer that says nothing in a form of ours. */
export function unknownFault(status: number): PublicError {
  return { code: 'internal', message: `The server answered ${String(status)}.`, retryable: true };
}

/** Nothing answered. */
export function unreachable(): ApiError {
  return new ApiError(
    { code: 'backend-unreachable', message: 'The server cannot be reached.', retryable: true },
    false,
  );
}
