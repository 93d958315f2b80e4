import type { TokenInfo } from '../../domain/token-info';

/** How likely the tokens of a script are, in turn: a script has no model, so these are made up, and always the same. */
const likelihoods = [0.96, 0.74, 0.41, 0.88, 0.16, 0.99, 0.57, 0.03];
const others = [' the', ' a', ' and', ' of', ',', ' to', '.', ' in', '\n', ' that', ' it', ' is', ' not'];
/** What each alternative has of what those before it left over. */
const share = 0.5;

/** The log probability of a written token, with so many alternatives of its place, likeliest first. */
export function scriptedToken(text: string, index: number, alternatives: number): TokenInfo {
  const probability = likelihoods[index % likelihoods.length] ?? 1;
  const logprob = Math.log(probability);
  let left = 1 - probability;
  const rest = others
    .filter((other) => other !== text)
    .map((other) => {
      const taken = left * share;
      left -= taken;
      return { text: other, logprob: Math.log(taken) };
    });
  const top = [{ text, logprob }, ...rest].sort((a, b) => b.logprob - a.logprob).slice(0, alternatives);
  return { text, logprob, ...(alternatives > 0 && { top }) };
}
