import type { TokenInfo } from '../../../domain/token-info';
import { record } from './payload';

/**
 * Tokens with their log probabilities: of chat (`content`), or of completions (lists side by side). Of the alternatives
 * `mostTop` are kept: some servers give more than were asked for.
 */
export function tokensOf(logprobs: unknown, mostTop = Infinity): TokenInfo[] {
  const { content, tokens, token_logprobs: values, top_logprobs: tops } = record(logprobs);
  if (Array.isArray(content)) return content.flatMap((item: unknown) => tokenOf(record(item), mostTop));
  if (!Array.isArray(tokens) || !Array.isArray(values)) return [];
  return tokens.flatMap((text: unknown, at) => {
    const logprob: unknown = values[at];
    if (typeof text !== 'string' || typeof logprob !== 'number') return [];
    const top = Object.entries(record(Array.isArray(tops) ? tops[at] : undefined)).flatMap(([word, value]) =>
      typeof value === 'number' ? [{ text: word, logprob: value }] : [],
    );
    return [withTop({ text, logprob }, top, mostTop)];
  });
}

function tokenOf(
  { token, logprob, top_logprobs: tops }: ReturnType<typeof record>,
  mostTop: number,
): TokenInfo[] {
  if (typeof token !== 'string' || typeof logprob !== 'number') return [];
  const top = (Array.isArray(tops) ? tops : []).flatMap((item: unknown) => {
    const { token: text, logprob: value } = record(item);
    return typeof text === 'string' && typeof value === 'number' ? [{ text, logprob: value }] : [];
  });
  return [withTop({ text: token, logprob }, top, mostTop)];
}

function withTop(token: TokenInfo, given: NonNullable<TokenInfo['top']>, mostTop: number): TokenInfo {
  const top = given.sort((a, b) => b.logprob - a.logprob).slice(0, mostTop);
  return top.length === 0 ? token : { ...token, top };
}
