import type { Processor } from './processor';

/**
 * Makes every token of prompt and answer less likely, once, however often it occurs: a logit above 0 is divided by the
 * penalty, one below is multiplied. Keskar et al., "CTRL" (2019), section 4.1, as `RepetitionPenaltyLogitsProcessor` of
 * Hugging Face Transformers extends it to both sides of zero.
 */
export function repetitionPenalty(penalty: number): Processor {
  return {
    process(logits, { occurrences }) {
      for (const token of occurrences.keys()) {
        const logit = logits[token];
        if (logit !== undefined) logits[token] = logit > 0 ? logit / penalty : logit * penalty;
      }
    },
  };
}

/**
 * The presence and frequency penalties of the OpenAI API: from the logit of a token that the answer has `n` times,
 * `n * frequency + presence` is taken. Tokens of the prompt do not count, unlike with the repetition penalty.
 */
export function countPenalty({ presence, frequency }: { presence: number; frequency: number }): Processor {
  return {
    process(logits, { occurrences }) {
      for (const [token, count] of occurrences) {
        const logit = logits[token];
        if (count > 0 && logit !== undefined) logits[token] = logit - count * frequency - presence;
      }
    },
  };
}
