import { createHash } from 'node:crypto';
import { AppError } from '../../domain/errors';
import { titleFromText, type Conversation } from '../../domain/conversation';
import type { Message } from '../../domain/message';
import { pathTo } from '../../domain/message-tree';
import { textOf, type Part, filesOf } from '../../domain/parts';
import { plannedMessages } from '../../domain/planned-messages';
import type { StartReplies } from '../../domain/requests';
import { resolveSettings, type Settings } from '../../domain/settings';
import type { Model, SettingsOverModel } from '../models/model';
import type { BeginGenerations, OpenedConversation, Storage } from '../storage/storage';
import { checkFiles, checkSeen } from './files';

/** The rows of a start, and what each of its runs reads. */
export interface PlannedStart {
  begin: BeginGenerations;
  /** The messages that are answered, from the first on. */
  path: Message[];
  /** Of each reply. */
  settings: SettingsOverModel[];
  /** Nobody has named the conversation yet, so `begin.title` stands for its title. */
  isUntitled: boolean;
}

/** Whose start it is, and with what. */
export interface StartContext {
  owner: string;
  /** The owner's. */
  defaults: Settings;
  /** Of each reply. */
  models: Model[];
  files: Storage['files'];
}

/** Refuses what cannot be answered, before anything is stored: unknown models, missing ones, a message that is too long, images for a model that sees none. */
export async function checkStart(
  { conversation, messages }: OpenedConversation,
  request: StartReplies,
  { models, defaults, files, owner }: StartContext,
): Promise<void> {
  const parent = messages.find(({ id }) => id === request.parentId);
  if (request.parentId !== null && !parent)
    throw new AppError('not-found', 'The message to answer is not there.');
  const isAnswered = request.userMessage ? 'user' : parent?.role;
  if (isAnswered !== 'user') throw new AppError('invalid-input', 'There is no message of a user to answer.');
  if (parent?.status === 'running')
    throw new AppError('conflict', 'The message to answer is still being written.');
  const parts = request.userMessage?.parts ?? parent?.parts ?? [];
  if (request.userMessage) await checkFiles(files, owner, parts);
  for (const [index, model] of models.entries()) {
    await model.ensureAvailable();
    checkSeen(model.summary(), parts);
    ensureCount(model, request.replies[index]?.messageIds.length ?? 0);
    await model.ensureFits(parts, settingsOf(defaults, conversation, request.replies[index]));
  }
}

/** How many answers one request may ask for is counted by its messages, so its limit is looked at here. */
function ensureCount(model: Model, count: number): void {
  const { parameters, parameterLimits = {} } = model.summary();
  const { max = Infinity, isFixed } = parameterLimits.num_return_sequences ?? {};
  const most = isFixed ? (parameters.num_return_sequences ?? 1) : max;
  if (count > most)
    throw new AppError('invalid-input', `This model gives at most ${String(most)} answers to one request.`);
}

/** What one call to storage writes for this request. */
export function planStart(
  { conversation, messages }: OpenedConversation,
  request: StartReplies,
  { owner, processId, now }: { owner: Settings; processId: string; now: Date },
): PlannedStart {
  const added = plannedMessages(conversation.id, request, now);
  const path = [...pathTo(messages, request.parentId), ...added.filter(({ role }) => role === 'user')];
  const hash = hashOf(conversation.id, request);
  const settings = request.replies.map((reply) => settingsOf(owner, conversation, reply));
  return {
    path,
    settings,
    isUntitled: conversation.title === '',
    begin: {
      conversationId: conversation.id,
      generations: request.replies.map((reply, index) => ({
        id: reply.generationId,
        conversationId: conversation.id,
        messageIds: reply.messageIds,
        modelId: reply.modelId,
        parameters: resolveSettings(settings[index] ?? {}).parameters,
        prefix: reply.prefix ?? '',
        status: 'queued',
        processId,
        requestHash: hash,
        createdAt: now,
      })),
      messages: added,
      leafId: request.replies[0]?.messageIds[0] ?? '',
      title: titleOf(path.find(({ role }) => role === 'user')?.parts ?? []),
    },
  };
}

/** The first words, or what the first file is called. */
function titleOf(parts: readonly Part[]): string {
  return titleFromText(textOf(parts)) || titleFromText(filesOf(parts)[0]?.name ?? '');
}

/** What people set for a reply, layer by layer; the model puts its own under it. */
function settingsOf(
  owner: Settings,
  conversation: Conversation,
  reply: StartReplies['replies'][number] | undefined,
): SettingsOverModel {
  const { parameters = {}, isRaw } = reply ?? {};
  const request = { parameters, ...(isRaw !== undefined && { isRaw }) };
  return { owner, conversation: conversation.settings, request };
}

/** The same request gives the same hash: zod has already put its properties in the order of the schema. */
export function hashOf(conversationId: string, request: StartReplies): string {
  return createHash('sha256')
    .update(JSON.stringify([conversationId, request]))
    .digest('base64url');
}
