import { takeLargest } from './largest';
import type { SamplingMemory } from './sampling-memory';

export interface TokenLogprob {
  token: number;
  /** Natural logarithm of its probability. */
  logprob: number;
}

/**
 * The logarithm of the sum that turns logits into log-probabilities when it is taken from each of them (the
 * logarithm of softmax's denominator).
 */
export function logSumExp(logits: Float32Array): number {
  let highest = -Infinity;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] ?? -Infinity;
    if (logit > highest) highest = logit;
  }
  let sum = 0;
  for (let token = 0; token < logits.length; token += 1) sum += Math.exp((logits[token] ?? 0) - highest);
  return highest + Math.log(sum);
}

/** The log-probability of a token and of the `count` likeliest, under these logits as they are. */
export function logprobsOf(
  logits: Float32Array,
  token: number,
  count: number,
  memory: SamplingMemory,
): { logprob: number; top: TokenLogprob[] } {
  const denominator = logSumExp(logits);
  const logprob = (of: number) => (logits[of] ?? -Infinity) - denominator;
  const taken = count > 0 ? takeLargest(logits, memory.tokens, { count: Math.min(count, logits.length) }) : 0;
  const top = Array.from(memory.tokens.subarray(0, taken), (other) => ({
    token: other,
    logprob: logprob(other),
  }));
  return { logprob: logprob(token), top };
}
