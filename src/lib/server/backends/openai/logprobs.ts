import type { TokenInfo } from '../../../domain/token-info';
import { record } from './payload';

/** Tokens with their log probabilities: of chat (`content`), or of completions (lists side by side). */
export function tokensOf(logprobs: unknown): TokenInfo[] {
  const { content, tokens, token_logprobs: values, top_logprobs: tops } = record(logprobs);
  if (Array.isArray(content)) return content.flatMap((item: unknown) => tokenOf(record(item)));
  if (!Array.isArray(tokens) || !Array.isArray(values)) return [];
  return tokens.flatMap((text: unknown, at) => {
    const logprob: unknown = values[at];
    if (typeof text !== 'string' || typeof logprob !== 'number') return [];
    const top = Object.entries(record(Array.isArray(tops) ? tops[at] : undefined)).flatMap(([word, value]) =>
      typeof value === 'number' ? [{ text: word, logprob: value }] : [],
    );
    return [withTop({ text, logprob }, top)];
  });
}

function tokenOf({ token, logprob, top_logprobs: tops }: ReturnType<typeof record>): TokenInfo[] {
  if (typeof token !== 'string' || typeof logprob !== 'number') return [];
  const top = (Array.isArray(tops) ? tops : []).flatMap((item: unknown) => {
    const { token: text, logprob: value } = record(item);
    return typeof text === 'string' && typeof value === 'number' ? [{ text, logprob: value }] : [];
  });
  return [withTop({ text: token, logprob }, top)];
}

function withTop(token: TokenInfo, top: NonNullable<TokenInfo['top']>): TokenInfo {
  if (top.length === 0) return token;
  return { ...token, top: top.sort((a, b) => b.logprob - a.logprob) };
}
