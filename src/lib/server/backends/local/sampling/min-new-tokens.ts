import type { Processor } from './processor';

/**
 * Forbids the end while the answer has fewer than `least` tokens: `MinNewTokensLengthLogitsProcessor` of Hugging Face
 * Transformers.
 */
export function minNewTokens(least: number, eosTokenIds: readonly number[]): Processor {
  return {
    process(logits, { answerLength }) {
      if (answerLength >= least) return;
      for (const token of eosTokenIds) {
        if (token < logits.length) logits[token] = -Infinity;
      }
    },
  };
}
