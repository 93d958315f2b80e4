import type { PublicError } from './errors';
import { textOf, type Part } from './parts';
import type { PromptToken, TokenInfo } from './token-info';

/** Longest text of one message, in characters; longer ones are refused before any model sees them. */
export const maxMessageLength = 1_000_000;

export type MessageRole = 'system' | 'user' | 'assistant' | 'tool';
export type MessageOrigin = 'user' | 'model' | 'edited' | 'imported';
export type MessageStatus = 'complete' | 'running' | 'stopped' | 'failed' | 'interrupted';

/** What a run cost and did. Times are milliseconds, the rest tokens. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Prompt tokens whose computation was reused from an earlier turn. */
  cachedTokens?: number;
  /** From the start of the run to its first text. */
  firstTextMs?: number;
  durationMs?: number;
  /** Spent on reasoning: from the first of it to the next text or the end, summed up over the run. */
  reasoningMs?: number;
}

/** `code` is of a list that grows; `text` is for people. */
export interface Warning {
  code: string;
  text: string;
}

/** One message of a conversation's tree. Nothing of it changes once its run has ended. */
export interface Message {
  id: string;
  conversationId: string;
  /** The message that this one answers or follows; the only link that is stored. */
  parentId: string | null;
  role: MessageRole;
  parts: Part[];
  origin: MessageOrigin;
  modelId?: string;
  generationId?: string;
  /** Characters at the start of the text that this run was given, not wrote (a continuation). */
  prefixLength?: number;
  usage?: Usage;
  /** What the run wrote, token by token, if it was asked for log probabilities. */
  tokens?: TokenInfo[];
  /** What the model read for this answer, token by token, if it was asked for (`decoder_input_details`). */
  promptLogprobs?: PromptToken[];
  /** Messages at the start of the conversation that did not fit the model's context for this answer. */
  leftOut?: number;
  /** What the person must know of this answer: something of the request was not obeyed, or did not reach the model. */
  warnings?: Warning[];
  /** Why the model stopped writing: its end of turn, or the limit of new tokens. */
  finishReason?: FinishReason;
  error?: PublicError;
  status: MessageStatus;
  createdAt: Date;
}

/** Whether the model can go on from where an answer ends: it was cut off, or a person wrote it. */
export function canContinue({ role, status, origin, finishReason, parts }: Message): boolean {
  if (role !== 'assistant' || status === 'running' || textOf(parts) === '') return false;
  return (
    status !== 'complete' || (finishReason !== undefined && finishReason !== 'stop') || origin === 'edited'
  );
}

/** The text at the start of a message that its run was given. */
export function prefixOf({ parts, prefixLength = 0 }: Pick<Message, 'parts' | 'prefixLength'>): string {
  return textOf(parts).slice(0, prefixLength);
}

/** `stop`: the model ended or a stop sequence came; `length`: the limit of new tokens or the context is reached; `time`: that of `max_time`. */
export type FinishReason = 'stop' | 'length' | 'time';
