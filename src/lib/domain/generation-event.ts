import type { PublicError } from './errors';
import type { EndStatus } from './generation';
import type { FinishReason, Message, Usage } from './message';
import type { TextKind, ToolCall } from './parts';
import type { PromptToken, TokenInfo } from './token-info';

export type { TokenInfo } from './token-info';

/** What happens in a run, in the order in which it happened. The text of a message is the fold of these. */
export type GenerationEvent =
  | { type: 'queued'; position: number }
  | { type: 'progress'; label: ProgressLabel; fraction: number }
  | { type: 'prepared'; promptTokens: number; leftOut: number }
  | { type: 'run-start'; messageIds: string[]; modelId: string }
  | { type: 'delta'; choice: number; kind: TextKind; text: string; tokens?: TokenInfo[] }
  /** All tokens of the prompt. */
  | { type: 'prompt-logprobs'; choice: number; tokens: PromptToken[] }
  /** Whole, when the model has written it. */
  | ({ choice: number } & ToolCall)
  /** One of several answers is complete while the others are still written. */
  | { type: 'choice-end'; choice: number; reason: FinishReason }
  | { type: 'warning'; code: string; text: string }
  | { type: 'snapshot'; messages: Message[] }
  | RunEnd;

export interface RunEnd {
  type: 'run-end';
  status: EndStatus;
  finishReason?: FinishReason;
  usage?: Usage;
  error?: PublicError;
  /** Set by a stop: the text is the fold up to this entry, whatever came after it. */
  throughSeq?: number;
}

/** `loading`: the model is being read; `reading`: the model reads the prompt; `searching`: beams are written. */
export type ProgressLabel = 'loading' | 'reading' | 'searching';

/** A numbered event of one generation. Numbers start at 1 and have no gap. */
export interface Entry {
  seq: number;
  event: GenerationEvent;
}

/** An entry of some generation, as a stream carries it. */
export interface FollowedEntry extends Entry {
  generationId: string;
}
