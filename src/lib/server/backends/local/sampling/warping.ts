import type { GenerationParameters } from '../../../../domain/parameters';
import { takeLargest } from './largest';
import type { Random } from './random';
import type { SamplingMemory } from './sampling-memory';
import { keepTypical } from './typical';

/** What turns a logit into a weight relative to the likeliest token, whose weight is 1. */
interface Scale {
  highest: number;
  temperature: number;
}

function weightOf(logit: number, { highest, temperature }: Scale): number {
  return Math.exp((logit - highest) / temperature);
}

/** The likeliest token, of equal ones the first; 0 where every token is forbidden. */
export function argmax(logits: Float32Array): number {
  let best = 0;
  let highest = -Infinity;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] ?? -Infinity;
    if (logit > highest) {
      best = token;
      highest = logit;
    }
  }
  return best;
}

/**
 * Fills the memory with the tokens to choose among and their weights, and returns how many they are: none when every
 * token is forbidden. In the order of Hugging Face's `generate`: temperature (above 0), `top_k` (Fan et al. 2018), `top_p` (Holtzman et al.
 * 2020), `min_p` (Nguyen et al. 2024), `typical_p` (Meister et al. 2022). Of tokens with equal logits at the edge of
 * `top_k`, exactly `top_k` are kept (Hugging Face keeps all of them).
 */
export function keepCandidates(
  logits: Float32Array,
  parameters: GenerationParameters,
  memory: SamplingMemory,
): number {
  const { temperature = 1, typical_p = 1 } = parameters;
  const highest = logits[argmax(logits)] ?? -Infinity;
  if (highest === -Infinity) return 0;
  const count = keepLikely(logits, parameters, { highest, temperature }, memory);
  return typical_p < 1 ? keepTypical(memory, count, typical_p) : count;
}

function keepLikely(
  logits: Float32Array,
  { top_k = 0, top_p = 1, min_p = 0 }: GenerationParameters,
  scale: Scale,
  memory: SamplingMemory,
): number {
  const { tokens } = memory;
  if (top_k > 0) {
    const count = takeLargest(logits, tokens, { count: Math.min(top_k, logits.length) });
    return cut(memory, weigh(logits, scale, memory, count), { count, top_p, min_p });
  }
  if (top_p < 1) {
    let total = 0;
    for (let token = 0; token < logits.length; token += 1) total += weightOf(logits[token] ?? 0, scale);
    // Tokens under this share cannot be in the nucleus, even all together: the others alone are put in order.
    const share = (total * (1 - top_p)) / logits.length;
    const least = scale.highest + scale.temperature * Math.min(0, Math.log(share));
    const count = takeLargest(logits, tokens, { count: logits.length, least });
    weigh(logits, scale, memory, count);
    return cut(memory, total, { count, top_p, min_p });
  }
  const least = scale.highest + scale.temperature * Math.log(min_p);
  let count = 0;
  for (let token = 0; token < logits.length; token += 1) {
    if ((logits[token] ?? 0) < least) continue;
    tokens[count] = token;
    count += 1;
  }
  weigh(logits, scale, memory, count);
  return count;
}

/** Sets the weights of the first `count` tokens; returns their sum. */
function weigh(
  logits: Float32Array,
  scale: Scale,
  { tokens, weights }: SamplingMemory,
  count: number,
): number {
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const weight = weightOf(logits[tokens[index] ?? 0] ?? 0, scale);
    weights[index] = weight;
    total += weight;
  }
  return total;
}

/** How many of the tokens, likeliest first, make up `top_p` of `total` and weigh at least `min_p`. */
function cut(
  { weights }: SamplingMemory,
  total: number,
  { count, top_p, min_p }: { count: number; top_p: number; min_p: number },
): number {
  let sum = weights[0] ?? 0;
  let kept = 1;
  while (kept < count && (top_p >= 1 || sum < top_p * total) && (weights[kept] ?? 0) >= min_p) {
    sum += weights[kept] ?? 0;
    kept += 1;
  }
  return kept;
}

/** One of the first `count` tokens of the memory, as often as its weight says; one without weight never. */
export function draw({ tokens, weights }: SamplingMemory, count: number, random: Random): number {
  let total = 0;
  for (let index = 0; index < count; index += 1) total += weights[index] ?? 0;
  let left = random() * total;
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    left -= weight;
    last = index;
    if (left < 0) break;
  }
  return tokens[last] ?? 0;
}
