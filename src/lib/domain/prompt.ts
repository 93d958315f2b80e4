import type { PublicError } from './errors';
import type { Generation } from './generation';
import type { GenerationParameters } from './parameters';

/**
 * The place of an image in a rendered prompt: a private-use character, which is taken out of what people write where a
 * prompt is one text.
 */
export const imageMark = '\u{F8FF}';

/** What may be known of a run, as `GET /api/generations/:id` says it. */
export type GenerationDetails = Pick<
  Generation,
  'id' | 'conversationId' | 'modelId' | 'status' | 'finishReason' | 'usage' | 'createdAt' | 'endedAt'
> & {
  error?: PublicError;
  /** As the backend was given them; until the prompt is ready, as the run was asked. */
  parameters: GenerationParameters;
  systemPrompt?: string;
  isRaw?: boolean;
};

/**
 * The prompt of a run, rendered again. `same`: it has the hash of what the backend was given; `changed`: it has not,
 * because the chat template or something else has changed since; `unknown`: the run kept no hash; `gone`: what is needed
 * to render it is no longer there.
 */
export type ExactPrompt =
  | { state: 'same' | 'changed'; prompt: RenderedPrompt }
  | { state: 'unknown' }
  | { state: 'gone'; what: 'messages' | 'model' };

export interface RenderedPrompt {
  /** `text`: what the model reads, character by character; `messages`: the JSON that its server is sent. */
  kind: 'text' | 'messages';
  text: string;
  /** Texts in it that the tokenizer reads as control tokens. */
  specialTokens: string[];
}

/** How much of a model's context a message would use; in tokens. */
export interface Measure {
  contextLength: number;
  /** Everything that the model would read: system prompt, messages and the text around them. */
  promptTokens: number;
  /** Room that is left for the answer, at most what `max_new_tokens` allows. */
  answerTokens: number;
  /** Messages at the start of the conversation that would be left out. */
  leftOut: number;
  /** The message alone is too long and would be refused. */
  tooLong?: { tokens: number; limit: number };
  /** Whether every token was counted; a very long text is counted in pieces. */
  isExact: boolean;
}
