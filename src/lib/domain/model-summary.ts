import type { GenerationParameters, ParameterName } from './parameters';

/** Whether a model can answer now, and if not, why and what to do. */
export type ModelAvailability =
  { state: 'ready' } | { state: 'loading' } | { state: 'unavailable'; reason: string; remedy: string };

/** What the page knows of a model. */
export interface ModelSummary {
  id: string;
  name: string;
  description: string;
  /** Tokens of prompt and answer together. */
  contextLength: number;
  /** The model's own. */
  parameters: GenerationParameters;
  /** Of conversations that set none. */
  systemPrompt?: string;
  supportedParameters: ParameterName[];
  /** Whether it can go on from a plain text, without chat template. */
  canCompleteRaw: boolean;
  /** Whether an answer can be given a start, and be gone on with. */
  canContinue: boolean;
  availability: ModelAvailability;
  /** Comes with the app: small and often wrong, which the page says. */
  isBundled: boolean;
}
