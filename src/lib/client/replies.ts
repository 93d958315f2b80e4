import { prefixOf, type Message } from '../domain/message';
import type { GenerationParameters } from '../domain/parameters';
import { partsAfterEdit, partsOfTexts, textOf, type Part, type FilePart } from '../domain/parts';
import type { StartReplies } from '../domain/requests';
import { resolveSettings, type SettingsLayers } from '../domain/settings';
import { newId } from './ids';

/** The images of a message. */
export type Images = readonly FilePart[];

/** How another version of an answer differs from what the conversation says. */
export interface RetryOptions {
  modelId?: string;
  /** Go over those of the conversation, for this answer alone. */
  parameters?: GenerationParameters;
  /** Redoes only what a continuation wrote, from where it went on. */
  keepsPrefix?: boolean;
}

/** What the settings say of every answer. */
export interface ReplyPlan {
  modelId: string;
  /** How many versions of it are written. */
  count: number;
  /** What it starts with; empty: nothing is given. */
  start: string;
}

/** The plan for answers of a model, by all that is set for them. */
export function planOf(modelId: string, layers: SettingsLayers): ReplyPlan {
  const { answerStart = '', parameters } = resolveSettings(layers);
  return { modelId, count: parameters.num_return_sequences ?? 1, start: answerStart };
}

/** A new message of the person after `parentId`, images first, then one part for each text, with its answer. */
export function question(
  texts: readonly string[],
  images: Images,
  parentId: string | null,
  plan: ReplyPlan,
): StartReplies {
  return asked([...images, ...partsOfTexts(texts)], parentId, plan);
}

/** Another version of a message of the person, without the files in `removed`, with an answer of its own. */
export function editedQuestion(
  { parts, parentId }: Message,
  { text, removed }: { text: string; removed: readonly string[] },
  plan: ReplyPlan,
): StartReplies {
  return asked(partsAfterEdit(parts, text, removed), parentId, plan);
}

/** Another version of an answer; of a question that has none, the first one. */
export function retryOf(message: Message, plan: ReplyPlan, options: RetryOptions): StartReplies {
  const start = options.keepsPrefix ? prefixOf(message) : plan.start;
  const parentId = message.role === 'user' ? message.id : message.parentId;
  return { parentId, replies: [reply({ ...plan, start }, options.parameters)] };
}

/** A version of an answer that goes on from where this one ends. */
export function continuationOf({ parentId, parts }: Message, plan: ReplyPlan): StartReplies {
  return { parentId, replies: [reply({ ...plan, start: textOf(parts) })] };
}

function asked(parts: Part[], parentId: string | null, plan: ReplyPlan): StartReplies {
  return { parentId, userMessage: { id: newId(), parts }, replies: [reply(plan)] };
}

function reply(
  { modelId, count, start }: ReplyPlan,
  parameters?: GenerationParameters,
): StartReplies['replies'][number] {
  return {
    generationId: newId(),
    messageIds: Array.from({ length: count }, newId),
    modelId,
    ...(parameters && { parameters }),
    ...(start !== '' && { prefix: start }),
  };
}
