import { createHash } from 'node:crypto';
import { AppError } from '../../domain/errors';
import { titleFromText, type Conversation } from '../../domain/conversation';
import type { Generation } from '../../domain/generation';
import type { Message } from '../../domain/message';
import { pathTo } from '../../domain/message-tree';
import { partsOf, textOf } from '../../domain/parts';
import type { StartReplies } from '../../domain/requests';
import type { Model } from '../models/model';
import type { BeginGenerations, OpenedConversation } from '../storage/storage';

/** The rows of a start, and what each of its runs reads. */
export interface PlannedStart {
  begin: BeginGenerations;
  /** The messages that are answered, from the first on. */
  path: Message[];
}

/** Refuses what cannot be answered, before anything is stored: unknown models, missing ones, a message that is too long. */
export async function checkStart(
  { conversation, messages }: OpenedConversation,
  request: StartReplies,
  models: Model[],
): Promise<void> {
  const parent = messages.find(({ id }) => id === request.parentId);
  if (request.parentId !== null && !parent)
    throw new AppError('not-found', 'The message to answer is not there.');
  const isAnswered = request.userMessage ? 'user' : parent?.role;
  if (isAnswered !== 'user') throw new AppError('invalid-input', 'There is no message of a user to answer.');
  if (request.userMessage && parent?.role === 'user') {
    throw new AppError('invalid-input', 'A message of a user follows an answer, not another one.');
  }
  if (parent?.status === 'running')
    throw new AppError('conflict', 'The message to answer is still being written.');
  const text = textOf(request.userMessage?.parts ?? parent?.parts ?? []);
  for (const model of models) {
    await model.ensureAvailable();
    await model.ensureFits(text, conversation.settings);
  }
}

/** What one call to storage writes for this request. */
export function planStart(
  { conversation, messages }: OpenedConversation,
  request: StartReplies,
  processId: string,
  now: Date,
): PlannedStart {
  const userMessage = request.userMessage && userMessageOf(conversation, request, request.userMessage, now);
  const path = pathTo(messages, request.parentId);
  if (userMessage) path.push(userMessage);
  const answers = request.replies.flatMap((reply) =>
    reply.messageIds.map((id) => answerOf(conversation, reply, id, userMessage?.id ?? request.parentId, now)),
  );
  const hash = hashOf(conversation.id, request);
  return {
    path,
    begin: {
      conversationId: conversation.id,
      generations: request.replies.map((reply) => generationOf(conversation, reply, processId, hash, now)),
      messages: userMessage ? [userMessage, ...answers] : answers,
      leafId: answers[0]?.id ?? '',
      title: titleFromText(textOf(path.find(({ role }) => role === 'user')?.parts ?? [])),
    },
  };
}

type Reply = StartReplies['replies'][number];

function userMessageOf(
  { id: conversationId }: Conversation,
  { parentId }: StartReplies,
  { id, parts }: NonNullable<StartReplies['userMessage']>,
  createdAt: Date,
): Message {
  return { id, conversationId, parentId, role: 'user', parts, origin: 'user', status: 'complete', createdAt };
}

function answerOf(
  conversation: Conversation,
  { generationId, modelId, prefix = '' }: Reply,
  id: string,
  parentId: string | null,
  createdAt: Date,
): Message {
  return {
    id,
    conversationId: conversation.id,
    parentId,
    role: 'assistant',
    parts: partsOf(prefix),
    origin: 'model',
    modelId,
    generationId,
    ...(prefix !== '' && { prefixLength: prefix.length }),
    status: 'running',
    createdAt,
  };
}

function generationOf(
  conversation: Conversation,
  reply: Reply,
  processId: string,
  requestHash: string,
  createdAt: Date,
): Generation {
  return {
    id: reply.generationId,
    conversationId: conversation.id,
    messageIds: reply.messageIds,
    modelId: reply.modelId,
    parameters: { ...conversation.settings.parameters, ...reply.parameters },
    prefix: reply.prefix ?? '',
    status: 'queued',
    processId,
    requestHash,
    createdAt,
  };
}

/** The same request gives the same hash: zod has already put its properties in the order of the schema. */
export function hashOf(conversationId: string, request: StartReplies): string {
  return createHash('sha256')
    .update(JSON.stringify([conversationId, request]))
    .digest('base64url');
}
