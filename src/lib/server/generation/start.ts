import { createHash } from 'node:crypto';
import { AppError } from '../../domain/errors';
import { titleFromText, type Conversation } from '../../domain/conversation';
import type { Generation } from '../../domain/generation';
import type { Message } from '../../domain/message';
import { pathTo } from '../../domain/message-tree';
import { textOf } from '../../domain/parts';
import { plannedMessages } from '../../domain/planned-messages';
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
  const added = plannedMessages(conversation.id, request, now);
  const path = [...pathTo(messages, request.parentId), ...added.filter(({ role }) => role === 'user')];
  const hash = hashOf(conversation.id, request);
  return {
    path,
    begin: {
      conversationId: conversation.id,
      generations: request.replies.map((reply) => generationOf(conversation, reply, processId, hash, now)),
      messages: added,
      leafId: request.replies[0]?.messageIds[0] ?? '',
      title: titleFromText(textOf(path.find(({ role }) => role === 'user')?.parts ?? [])),
    },
  };
}

function generationOf(
  conversation: Conversation,
  reply: StartReplies['replies'][number],
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
