import type { Conversation, ConversationSummary } from '../../../domain/conversation';
import type { Generation } from '../../../domain/generation';
import type { Message } from '../../../domain/message';
import { openBody, sealBody } from './body';
import type { Row } from './database';

type ConversationBody = Pick<Conversation, 'title' | 'settings'>;
type MessageBody = Omit<
  Message,
  'id' | 'conversationId' | 'parentId' | 'role' | 'status' | 'generationId' | 'createdAt'
>;
type GenerationBody = Pick<
  Generation,
  'parameters' | 'prefix' | 'prompt' | 'finishReason' | 'usage' | 'error'
>;

export function conversationBody({ title, settings }: ConversationBody): string {
  return sealBody({ title, settings } satisfies ConversationBody);
}

export function conversationOf(row: Row): Conversation {
  return {
    id: String(row.id),
    kind: row.kind as Conversation['kind'],
    ...openBody<ConversationBody>(row.body),
    leafId: nullable(row.leaf_id),
    modelId: String(row.model_id),
    isPinned: row.is_pinned === 1,
    createdAt: dateOf(row.created_at),
    updatedAt: dateOf(row.updated_at),
  };
}

export function summaryOf(row: Row): ConversationSummary {
  const { id, kind, title, modelId, isPinned, updatedAt } = conversationOf(row);
  const [isRunning, isUnread] = [row.is_running === 1, row.is_unread === 1];
  return { id, kind, title, modelId, updatedAt, isPinned, isRunning, isUnread };
}

/** All of a message that has no column; a property that is added later is kept without a word here. */
export function messageBody(message: Message): string {
  const inColumns = {
    id: undefined,
    conversationId: undefined,
    parentId: undefined,
    role: undefined,
    status: undefined,
    generationId: undefined,
    createdAt: undefined,
  } satisfies Record<Exclude<keyof Message, keyof MessageBody>, undefined>;
  return sealBody({ ...message, ...inColumns });
}

export function messageOf(row: Row): Message {
  const generationId = nullable(row.generation_id);
  return {
    id: String(row.id),
    conversationId: String(row.conversation_id),
    parentId: nullable(row.parent_id),
    role: row.role as Message['role'],
    status: row.status as Message['status'],
    ...openBody<MessageBody>(row.body),
    ...(generationId !== null && { generationId }),
    createdAt: dateOf(row.created_at),
  };
}

export function generationBody(generation: Generation): string {
  const { parameters, prefix, prompt, finishReason, usage, error } = generation;
  return sealBody({
    parameters,
    prefix,
    ...(prompt && { prompt }),
    ...(finishReason && { finishReason }),
    ...(usage && { usage }),
    ...(error && { error }),
  } satisfies GenerationBody);
}

export function generationOf(row: Row): Generation {
  return {
    id: String(row.id),
    conversationId: String(row.conversation_id),
    messageIds: JSON.parse(String(row.message_ids)) as string[],
    modelId: String(row.model_id),
    status: row.status as Generation['status'],
    processId: String(row.process_id),
    requestHash: String(row.request_hash),
    ...openBody<GenerationBody>(row.body),
    createdAt: dateOf(row.created_at),
    ...(row.ended_at !== null && { endedAt: dateOf(row.ended_at) }),
  };
}

function dateOf(value: unknown): Date {
  return new Date(Number(value));
}

function nullable(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
