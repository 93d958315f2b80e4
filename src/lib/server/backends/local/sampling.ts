import type { GenerationParameters } from '../../../domain/parameters';

/** A number in [0, 1), from a seed: the same seed gives the same numbers. */
export type Random = () => number;

/** xoshiro128** by Blackman and Vigna, its state filled from the seed by splitmix32. */
export function seededRandom(seed: number): Random {
  const state = new Uint32Array(4);
  let mixed = seed >>> 0;
  for (let index = 0; index < 4; index += 1) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let value = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
    state[index] = value ^ (value >>> 15);
  }
  return () => {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    state.set([a, b, c, d]);
    return scrambled / 0x1_0000_0000;
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/**
 * Chooses the next token, with the processors in the order of Hugging Face's `generate`: repetition penalty,
 * temperature, `top_k`, `top_p`, `min_p`. Changes `logits`. `seen` are the tokens of prompt and answer so far.
 */
export function sample(
  logits: Float32Array,
  parameters: GenerationParameters,
  seen: Iterable<number>,
  random: Random,
): number {
  const { temperature = 1, top_k = 0, top_p = 1, min_p = 0, repetition_penalty = 1 } = parameters;
  if (repetition_penalty !== 1) penalize(logits, seen, repetition_penalty);
  if (temperature === 0) return argmax(logits);
  let candidates = top_k > 0 ? largest(logits, top_k) : everyToken(logits, top_p, temperature);
  let weights = softmax(candidates, logits, temperature);
  if (top_p < 1) [candidates, weights] = keepNucleus(candidates, weights, top_p);
  if (min_p > 0) [candidates, weights] = keepLikely(candidates, weights, min_p);
  return draw(candidates, weights, random);
}

function penalize(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  for (const token of seen) {
    const logit = logits[token] ?? 0;
    logits[token] = logit > 0 ? logit / penalty : logit * penalty;
  }
}

function argmax(logits: Float32Array): number {
  let best = 0;
  let highest = -Infinity;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] ?? -Infinity;
    if (logit > highest) [best, highest] = [token, logit];
  }
  return best;
}

/** The tokens with the `count` highest logits, highest first: kept in order by insertion, since `count` is small. */
function largest(logits: Float32Array, count: number): number[] {
  const tokens: number[] = [];
  let lowest = -Infinity;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] ?? -Infinity;
    if (tokens.length === count && logit <= lowest) continue;
    let at = Math.min(tokens.length, count - 1);
    for (; at > 0 && (logits[tokens[at - 1] ?? 0] ?? 0) < logit; at -= 1) tokens[at] = tokens[at - 1] ?? 0;
    tokens[at] = token;
    lowest = logits[tokens.at(-1) ?? 0] ?? -Infinity;
  }
  return tokens;
}

/**
 * All tokens, highest first when a nucleus is wanted. Tokens with a probability under (1 - top_p) / vocabulary cannot
 * be in a nucleus, even all together, so only the others are sorted.
 */
function everyToken(logits: Float32Array, top_p: number, temperature: number): number[] {
  const tokens = Array.from(logits.keys());
  if (top_p >= 1) return tokens;
  const highest = logits[argmax(logits)] ?? 0;
  let total = 0;
  for (const logit of logits) total += Math.exp((logit - highest) / temperature);
  const least = highest + temperature * Math.log((total * (1 - top_p)) / logits.length);
  return tokens
    .filter((token) => (logits[token] ?? 0) >= least)
    .sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
}

function softmax(tokens: readonly number[], logits: Float32Array, temperature: number): Float64Array {
  const weights = Float64Array.from(tokens, (token) => (logits[token] ?? -Infinity) / temperature);
  const highest = weights.reduce((a, b) => Math.max(a, b), -Infinity);
  let total = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const weight = Math.exp((weights[index] ?? -Infinity) - highest);
    weights[index] = weight;
    total += weight;
  }
  return weights.map((weight) => weight / total);
}

type Candidates = [tokens: number[], weights: Float64Array];

/** The fewest of the likeliest (they come sorted) that together have the probability `top_p`; always one. */
function keepNucleus(tokens: number[], weights: Float64Array, top_p: number): Candidates {
  let sum = 0;
  let kept = 0;
  while (kept < weights.length && (kept === 0 || sum < top_p)) {
    sum += weights[kept] ?? 0;
    kept += 1;
  }
  return [tokens.slice(0, kept), weights.slice(0, kept)];
}

/** Those that are at least `min_p` times as likely as the likeliest. */
function keepLikely(tokens: number[], weights: Float64Array, min_p: number): Candidates {
  const least = min_p * weights.reduce((a, b) => Math.max(a, b), 0);
  const kept = tokens.filter((_, index) => (weights[index] ?? 0) >= least);
  return [kept, weights.filter((weight) => weight >= least)];
}

function draw(tokens: readonly number[], weights: Float64Array, random: Random): number {
  const total = weights.reduce((a, b) => a + b, 0);
  let left = random() * total;
  for (const [index, token] of tokens.entries()) {
    left -= weights[index] ?? 0;
    if (left < 0) return token;
  }
  return tokens.at(-1) ?? 0;
}
