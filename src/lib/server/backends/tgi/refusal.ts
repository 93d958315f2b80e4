import type { GenerationParameters } from '../../../domain/parameters';
import type { TgiLimits } from './info';

export interface Asked {
  parameters: GenerationParameters;
  limits: TgiLimits;
}

/** Words of the router's validation that tell a limit, and what follows from each; the first that match count. */
const lessons: [RegExp, (asked: Asked, limit: number, given: number) => Asked | undefined][] = [
  [/`stop` supports up to (\d+)/u, (asked, stopSequences) => withLimits(asked, { stopSequences })],
  [/`top_n_tokens` must be >= 0 and <= (\d+)/u, (asked, topTokens) => withLimits(asked, { topTokens })],
  [/`top_n_tokens` != 0 is not allowed/u, (asked) => withLimits(asked, { topTokens: 0 })],
  [/`best_of` must be > 0 and <= (\d+)/u, (asked, bestOf) => withLimits(asked, { bestOf })],
  [/`best_of` != 1 is not allowed/u, (asked) => withLimits(asked, { bestOf: 1 })],
  [
    /`truncate` must be strictly positive and less than (\d+)/u,
    (asked, inputTokens) => withLimits(asked, { inputTokens }),
  ],
  // The prompt was counted here without what the server puts around it, or by its length alone.
  [
    /`max_new_tokens` must be <= (\d+)\. Given: (\d+) `inputs` tokens/u,
    (asked, total, inputs) => withLongest(asked, total - inputs),
  ],
  [/`max_new_tokens` must be <= (\d+)/u, (asked, longest) => withLongest(asked, longest)],
];

/** What to ask for instead after a refusal; `undefined` where asking again would not help. */
export function learnFrom(message: string, asked: Asked): Asked | undefined {
  for (const [words, lesson] of lessons) {
    const match = words.exec(message);
    if (match) return lesson(asked, Number(match[1]), Number(match[2]));
  }
  return undefined;
}

/** Nothing is learnt from what was known already. */
function withLimits(asked: Asked, learnt: Partial<TgiLimits>): Asked | undefined {
  const limits = { ...asked.limits, ...learnt };
  const isNew = Object.entries(learnt).some(
    ([name, value]) => asked.limits[name as keyof TgiLimits] !== value,
  );
  return isNew ? { ...asked, limits } : undefined;
}

function withLongest(asked: Asked, longest: number): Asked | undefined {
  const isShorter = longest < (asked.parameters.max_new_tokens ?? Infinity);
  if (longest < 1 || !isShorter) return undefined;
  return { ...asked, parameters: { ...asked.parameters, max_new_tokens: longest } };
}
