import type { PublicError } from '../../../domain/errors';
import type { ProgressLabel, TokenInfo } from '../../../domain/generation-event';
import type { FinishReason } from '../../../domain/message';
import type { GenerationParameters } from '../../../domain/parameters';
import type { BackendUsage } from '../backend';
import type { Dtype } from './graph-files';

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
  /** Which of the folder's graphs; absent: the engine chooses. */
  dtype?: Dtype;
  /** How ONNX Runtime is called; absent: by its C API where that can be, which is faster. */
  binding?: 'c-api' | 'node';
}

export type EngineRequest = PromptRequest | Text2textRequest;

/** For a decoder: what follows the prompt. */
export interface PromptRequest {
  kind: 'prompt';
  prompt: string;
  parameters: GenerationParameters;
  /** Whose cached beginnings may be reused; absent: nobody's. */
  scope?: string;
  /** A beginning of the prompt that is the operator's and may be read once for all owners. */
  sharedPrefix?: string;
}

/** For an encoder-decoder model: what it makes of the text. */
export interface Text2textRequest {
  kind: 'text2text';
  text: string;
  /** Languages as the model names them: "eng_Latn>fra_Latn". */
  task?: string;
  parameters: GenerationParameters;
}

/** What the engine says; one message carries all that it has to say at the time. */
export type FromEngine =
  /** `binding`: how ONNX Runtime is called, for the log. */
  | { type: 'ready'; binding: 'c-api' | 'node' }
  | { type: 'refused'; reason: string; remedy: string }
  /** How far loading is, from 0 to 1. */
  | { type: 'loading'; fraction: number }
  /** The loop of the engine runs; it says so all the time. */
  | { type: 'alive' }
  | EngineEvent
  | { type: 'counted'; id: number; count: number };

/** What happens to one request; `finish` and `failed` are its last. */
export type EngineEvent =
  | { type: 'delta'; id: number; choice: number; text: string; tokens?: TokenInfo[] }
  | { type: 'progress'; id: number; label: ProgressLabel; fraction: number }
  /** One of several answers is complete. */
  | { type: 'choice-end'; id: number; choice: number; reason: FinishReason }
  | { type: 'finish'; id: number; reason: FinishReason; usage: BackendUsage }
  | ({ type: 'failed'; id: number } & PublicError);
