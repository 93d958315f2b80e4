import type { PublicError } from '../../../domain/errors';
import type { ProgressLabel, TokenInfo } from '../../../domain/generation-event';
import type { FinishReason } from '../../../domain/message';
import type { GenerationParameters } from '../../../domain/parameters';
import type { BackendUsage } from '../backend';

/** What the server says to its engine. */
export type ToEngine =
  | ({ type: 'load' } & EngineSettings)
  | ({ type: 'generate'; id: number } & EngineRequest)
  | { type: 'abort'; id: number }
  | { type: 'count'; id: number; text: string };

export interface EngineSettings {
  /** The folder of the model. */
  path: string;
  threads: number;
  /** Answers that are written at once. */
  slots: number;
  /** Tokens that each of them has room for before it needs a place of its own. */
  context: number;
}

export interface EngineRequest {
  prompt: string;
  parameters: GenerationParameters;
  /** Whose cached beginnings may be reused; absent: nobody's. */
  scope?: string;
  /** A beginning of the prompt that is the operator's and may be read once for all owners. */
  sharedPrefix?: string;
}

/** What the engine says. */
export type FromEngine =
  /** `binding`: how ONNX Runtime is called, for the log. */
  | { type: 'ready'; binding: 'c-api' | 'node' }
  | { type: 'refused'; reason: string; remedy: string }
  | EngineEvent
  | { type: 'counted'; id: number; count: number };

/** What happens to one request; `finish` and `failed` are its last. */
export type EngineEvent =
  | { type: 'delta'; id: number; choice: number; text: string; tokens?: TokenInfo[] }
  | { type: 'progress'; id: number; label: ProgressLabel; fraction: number }
  | { type: 'finish'; id: number; reason: FinishReason; usage: BackendUsage }
  | ({ type: 'failed'; id: number } & PublicError);
