import type { GenerationParameters } from '../../../../domain/parameters';
import type { Random } from './random';
import type { SamplingMemory } from './sampling-memory';
import type { TokenText } from './token-text';

export interface ChooserOptions {
  parameters: GenerationParameters;
  /** What the model has read before the answer, a given start of the answer included. */
  prompt: readonly number[];
  eosTokenIds: readonly number[];
  /** Number of logits. */
  vocabulary: number;
  text: TokenText;
  random: Random;
  /** Most tokens of the answer, where the context has room for fewer than `max_new_tokens`, which is its default. */
  limit?: number;
  /** May be shared by all sequences of a model. */
  memory?: SamplingMemory;
}
