import type { Rates, Timing } from './peer';

/** When pieces of one answer arrived (milliseconds of one clock), and how many tokens they are together. */
export interface Arrivals {
  at: number[];
  tokens: number;
}

export function timingOf({ at, tokens }: Arrivals, startedAt: number): Timing {
  const first = at[0] ?? NaN;
  const last = at.at(-1) ?? NaN;
  return { firstTokenMs: first - startedAt, tokensPerSecond: ((tokens - 1) * 1000) / (last - first) };
}

/**
 * The rates of answers that were written at once. A piece stands for the same number of tokens throughout its answer:
 * a token that is no whole character yet comes with the next.
 */
export function ratesOf(answers: readonly Arrivals[], startedAt: number): Rates {
  const ends = answers.map(({ at }) => at.at(-1) ?? NaN);
  const total = answers.reduce((sum, { tokens }) => sum + tokens, 0);
  const from = Math.max(...answers.map(({ at }) => at[0] ?? NaN));
  const until = Math.min(...ends);
  const written = answers.reduce((sum, { at, tokens }) => {
    const inside = at.filter((time) => time > from && time <= until).length;
    return sum + (inside * tokens) / at.length;
  }, 0);
  return {
    wholePerSecond: (total * 1000) / (Math.max(...ends) - startedAt),
    decodePerSecond: until > from ? (written * 1000) / (until - from) : NaN,
  };
}
