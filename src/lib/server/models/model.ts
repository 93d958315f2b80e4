import type { PromptRecord } from '../../domain/generation';
import type { Message } from '../../domain/message';
import type { ModelSummary } from '../../domain/model-summary';
import type { Part } from '../../domain/parts';
import type { GenerationParameters } from '../../domain/parameters';
import type { Measure, RenderedPrompt } from '../../domain/prompt';
import type { SettingsLayers } from '../../domain/settings';
import type { Backend, GenerateInput } from '../backends/backend';

/** What people set; the model's own lies under it. */
export type SettingsOverModel = Omit<SettingsLayers, 'model'>;

/** What a run gives to be made ready for a backend. */
export interface PrepareInput {
  /** From the first message to the one that is answered. */
  path: Message[];
  settings: SettingsOverModel;
  /** Text that the answer starts with. */
  prefix: string;
}

export interface Prepared {
  input: GenerateInput;
  parameters: GenerationParameters;
  promptTokens: number;
  /** Messages at the start of the path that did not fit. */
  leftOut: number;
  /** A beginning of the prompt that is the operator's, and may be read once for all owners. */
  sharedPrefix?: string;
  /** What the person must know of it. */
  warnings?: { code: string; text: string }[];
  /** What makes the same prompt again. */
  record: PromptRecord;
}

/** A path whose last message is the one in question. */
export type MeasureInput = Omit<PrepareInput, 'prefix'>;

/** What a run kept of its prompt, to render it again. */
export interface RenderInput {
  path: Message[];
  prefix: string;
  record: PromptRecord;
}

export interface RenderedAgain {
  prompt: RenderedPrompt;
  /** Whether it is what the run gave to the backend. */
  isSame: boolean;
}

/** Makes the prompts of a model: for a run, for a gauge, and again for whoever asks later. */
export interface Prompts {
  /** Throws `context-too-long` with `tokens` and `limit` when this message alone is more than the model reads. */
  ensureFits(parts: readonly Part[], settings: SettingsOverModel): Promise<void>;
  prepare(input: PrepareInput): Promise<Prepared>;
  /** The size of what `prepare` would make, counted as cheaply as it goes. */
  measure(input: MeasureInput): Promise<Measure>;
  /** The prompt of a run as it is made today. */
  renderAgain(input: RenderInput): Promise<RenderedAgain>;
  /** The server says how many tokens it read in this prompt: estimates get better by it. */
  learn(input: GenerateInput, promptTokens: number): void;
}

/** A usable model: its backend, and what turns a conversation into a request for it. */
export interface Model extends Prompts {
  readonly id: string;
  readonly backend: Backend;
  summary(): ModelSummary;
  /** Throws `model-unavailable` with the reason and the remedy when it cannot answer. Tries again what failed before. */
  ensureAvailable(): Promise<void>;
  /** Loads it if need be; `onProgress` hears how far that is, from 0 to 1. Throws `model-unavailable`. */
  makeReady(onProgress: (fraction: number) => void): Promise<void>;
  /**
   * The server refused this prompt as too long. Takes from it what it says of its context and of the size of the prompt,
   * and returns whether a prompt made again is a shorter one.
   */
  learnTooLong(prepared: Prepared, refusal: { tokens?: number; limit?: number }): boolean;
  /** Its backend stays open until the function that this returns is called, also when the model is changed or removed. */
  hold(): () => void;
}
