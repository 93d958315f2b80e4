import type { Message } from '../domain/message';
import type { GenerationParameters } from '../domain/parameters';
import { partsAfterEdit, partsOfTexts, textOf, type Part } from '../domain/parts';
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

/** A new message of the person after `parentId`, one part for each text, with one answer. */
export function question(texts: readonly string[], parentId: string | null, modelId: string): StartReplies {
  return asked(partsOfTexts(texts), parentId, modelId);
}

/** Another version of a message of the person, with an answer of its own. */
export function editedQuestion({ parts, parentId }: Message, text: string, modelId: string): StartReplies {
  return asked(partsAfterEdit(parts, text), parentId, modelId);
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

function asked(parts: Part[], parentId: string | null, modelId: string): StartReplies {
  return { parentId, userMessage: { id: newId(), parts }, replies: [reply(modelId, '')] };
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
