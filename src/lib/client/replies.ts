import type { Message } from '../domain/message';
import type { GenerationParameters } from '../domain/parameters';
import { textOf, type Part } from '../domain/parts';
import type { StartReplies } from '../domain/requests';
import { newId } from './ids';

/** How another version of an answer differs from what the conversation says. */
export interface RetryOptions {
  modelId?: string;
  /** Go over those of the conversation, for this answer alone. */
  parameters?: GenerationParameters;
  /** Redoes only what a continuation wrote, from where it went on. */
  keepsPrefix?: boolean;
}

/** Asks something after `parentId`, for one answer. */
export function question(parts: Part[], parentId: string | null, modelId: string): StartReplies {
  const userMessage = { id: newId(), parts };
  return { parentId, userMessage, replies: [reply(modelId, '')] };
}

/** Another version of an answer; of a question that has none, the first one. */
export function retryOf(message: Message, modelId: string, options: RetryOptions): StartReplies {
  const prefix = options.keepsPrefix ? textOf(message.parts).slice(0, message.prefixLength ?? 0) : '';
  const parentId = message.role === 'user' ? message.id : message.parentId;
  return { parentId, replies: [reply(options.modelId ?? modelId, prefix, options.parameters)] };
}

/** A version of an answer that goes on from where this one ends. */
export function continuationOf({ parentId, parts }: Message, modelId: string): StartReplies {
  return { parentId, replies: [reply(modelId, textOf(parts))] };
}

function reply(
  modelId: string,
  prefix: string,
  parameters?: GenerationParameters,
): StartReplies['replies'][number] {
  return {
    generationId: newId(),
    messageIds: [newId()],
    modelId,
    ...(parameters && { parameters }),
    ...(prefix !== '' && { prefix }),
  };
}
