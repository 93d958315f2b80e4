import type { ConversationSettings } from '../../domain/conversation';
import type { Message } from '../../domain/message';
import type { ModelSummary } from '../../domain/model-summary';
import type { GenerationParameters } from '../../domain/parameters';
import type { Backend, GenerateInput } from '../backends/backend';

/** What a run gives to be made ready for a backend. */
export interface PrepareInput {
  /** From the first message to the one that is answered. */
  path: Message[];
  settings: ConversationSettings;
  /** What this request sets, over the conversation's and the model's own. */
  parameters: GenerationParameters;
  /** Text that the answer starts with. */
  prefix: string;
}

export interface Prepared {
  input: GenerateInput;
  parameters: GenerationParameters;
  promptTokens: number;
  /** Messages at the start of the path that did not fit. */
  leftOut: number;
}

/** A usable model: its backend, and what turns a conversation into a request for it. */
export interface Model {
  readonly id: string;
  readonly backend: Backend;
  summary(): ModelSummary;
  /** Throws `model-unavailable` with the reason and the remedy when it cannot answer. Tries again what failed before. */
  ensureAvailable(): Promise<void>;
  /** Throws `context-too-long` with `tokens` and `limit` when this text alone is more than the model reads. */
  ensureFits(text: string, settings: ConversationSettings): Promise<void>;
  prepare(input: PrepareInput): Promise<Prepared>;
}
