import type { PublicError } from '../../../domain/errors';
import type { ProgressLabel } from '../../../domain/generation-event';
import type { FinishReason } from '../../../domain/message';
import type { GenerationParameters } from '../../../domain/parameters';
import type { BackendUsage } from '../backend';

/** What the server says to its engine. */
export type ToEngine =
  | { type: 'load'; path: string; threads: number }
  | ({ type: 'generate'; id: number } & EngineRequest)
  | { type: 'abort'; id: number }
  | { type: 'count'; id: number; text: string };

export interface EngineRequest {
  prompt: string;
  parameters: GenerationParameters;
  /** Whose cached beginnings may be reused; absent: nobody's. */
  scope?: string;
}

/** What the engine says. */
export type FromEngine =
  | { type: 'ready' }
  | { type: 'refused'; reason: string; remedy: string }
  | EngineEvent
  | { type: 'counted'; id: number; count: number };

/** What happens to one request; `finish` and `failed` are its last. */
export type EngineEvent =
  | { type: 'delta'; id: number; text: string }
  | { type: 'progress'; id: number; label: ProgressLabel; fraction: number }
  | { type: 'finish'; id: number; reason: FinishReason; usage: BackendUsage }
  | ({ type: 'failed'; id: number } & PublicError);
