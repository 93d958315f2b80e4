import type { Conversation, ConversationSummary } from '../domain/conversation';
import type { PublicError } from '../domain/errors';
import type { Message } from '../domain/message';
import type { CreateConversation, StartReplies, UpdateConversation } from '../domain/requests';
import { fromWire, type Wire } from '../domain/wire';

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

export interface ConversationsPage {
  conversations: ConversationSummary[];
  next: string | null;
}

/** The calls of our own API. Each throws `ApiError`. */
export const api = {
  createConversation: (body: CreateConversation) => call<Conversation>('POST', '/api/conversations', body),
  listConversations: (before: string | null) =>
    call<ConversationsPage>(
      'GET',
      `/api/conversations${before === null ? '' : `?before=${encodeURIComponent(before)}`}`,
    ),
  openConversation: (id: string) => call<ConversationData>('GET', `/api/conversations/${id}`),
  updateConversation: (id: string, body: UpdateConversation) =>
    call<Conversation>('PATCH', `/api/conversations/${id}`, body),
  deleteConversation: (id: string) => call<undefined>('DELETE', `/api/conversations/${id}`),
  restoreConversation: (id: string) => call<Conversation>('POST', `/api/conversations/${id}/restore`),
  stop: (generationId: string, throughSeq: number) =>
    call<undefined>('POST', `/api/generations/${generationId}/stop`, { throughSeq }),
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

export async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await send(method, path, body);
  if (response.status === 204) return undefined as T;
  return fromWire<T>((await response.json()) as Wire<T>);
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
  const response = await fetch(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw new ApiError(await faultOf(response), true);
  return response;
}

async function faultOf(response: Response): Promise<PublicError> {
  const unknown: PublicError = {
    code: 'internal',
    message: `The server answered ${String(response.status)}.`,
    retryable: true,
  };
  const parsed = (await response.json().catch(() => undefined)) as { error?: PublicError } | undefined;
  return parsed?.error ?? unknown;
}

function unreachable(): ApiError {
  return new ApiError(
    { code: 'backend-unreachable', message: 'The server cannot be reached.', retryable: true },
    false,
  );
}
