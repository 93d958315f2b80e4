import type { PromptToken, TokenInfo } from '../../domain/token-info';

/** A token that could have stood in a place, the chosen one included. */
export interface TokenChoice {
  text: string;
  /** From 0 to 1. */
  probability: number;
  isChosen: boolean;
}

/** How unlikely a token is, in steps: 0 is what anybody would have guessed, 4 a surprise. */
export type Surprise = 0 | 1 | 2 | 3 | 4;

/** From this probability on a token is of this step; less than all of them is the last one. */
const steps = [0.9, 0.5, 0.2, 0.05];

export function surpriseOf({ logprob = 0 }: PromptToken): Surprise {
  const at = steps.findIndex((least) => Math.exp(logprob) >= least);
  return (at === -1 ? steps.length : at) as Surprise;
}

/** The steps in words, for a legend. */
export const surpriseWords: Record<Surprise, string> = {
  0: '90 % and more',
  1: '50 % to 90 %',
  2: '20 % to 50 %',
  3: '5 % to 20 %',
  4: 'less than 5 %',
};

/** A probability in percent, as exact as anybody wants it. */
export function percentWords(probability: number): string {
  const percent = probability * 100;
  if (percent < 0.1) return '< 0.1 %';
  if (percent >= 99.95) return '100 %';
  return `${percent.toLocaleString('en', { maximumFractionDigits: percent < 10 || percent > 99 ? 1 : 0 })} %`;
}

/** The alternatives of a place, likeliest first; the chosen token is among them however unlikely it was. */
export function choicesOf({ text, logprob, top = [] }: PromptToken & Pick<TokenInfo, 'top'>): TokenChoice[] {
  if (logprob === undefined) return [];
  const isAmong = top.some((other) => other.text === text);
  const all = isAmong ? top : [...top, { text, logprob }];
  return all
    .map((one) => ({ text: one.text, probability: Math.exp(one.logprob), isChosen: one.text === text }))
    .sort((a, b) => b.probability - a.probability);
}

/**
 * How surprised the model was by its own text: the exponential of the mean negative log probability, so 1 is certain
 * and `n` is as if each token had been drawn among `n` equally likely ones. Tokens of unknown probability do not count.
 */
export function perplexityOf(tokens: readonly PromptToken[]): number {
  const known = tokens.flatMap(({ logprob }) => logprob ?? []);
  const sum = known.reduce((total, logprob) => total + logprob, 0);
  return known.length === 0 ? 1 : Math.exp(-sum / known.length);
}

/** A token by itself, where its spaces and line breaks must be seen. */
export function tokenName(text: string): string {
  if (text === '') return 'part of a character';
  return text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

/** A token and its probability, for those who hear it. */
export function tokenWords({ text, logprob }: PromptToken): string {
  return logprob === undefined ? tokenName(text) : `${tokenName(text)}, ${percentWords(Math.exp(logprob))}`;
}

/** How many tokens, and how surprising they are together. */
export function sizeWords(tokens: readonly PromptToken[]): string {
  const perplexity = perplexityOf(tokens).toLocaleString('en', { maximumFractionDigits: 2 });
  const unit = tokens.length === 1 ? 'token' : 'tokens';
  return `${tokens.length.toLocaleString('en')} ${unit}, perplexity ${perplexity}`;
}

/** A token in the text: a line break is seen and breaks the line. */
export function tokenText(text: string): string {
  return text === '' ? '·' : text.replaceAll('\n', '⏎\n');
}
