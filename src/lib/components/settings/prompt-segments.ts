import { imageMark } from '../../domain/prompt';

export interface PromptSegment {
  text: string;
  /** The tokenizer reads it as one control token. */
  isSpecial: boolean;
  /** An image is here; the text says which. */
  isImage?: true;
}

/** A prompt in pieces, so that control tokens and images can be shown as what they are. */
export function promptSegments(text: string, specialTokens: readonly string[]): PromptSegment[] {
  const [first = '', ...others] = text.split(imageMark);
  return [
    ...textSegments(first, specialTokens),
    ...others.flatMap((rest, index): PromptSegment[] => [
      { text: `image ${String(index + 1)}`, isSpecial: false, isImage: true },
      ...textSegments(rest, specialTokens),
    ]),
  ];
}

function textSegments(text: string, specialTokens: readonly string[]): PromptSegment[] {
  const longestFirst = specialTokens.filter((token) => token !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return text === '' ? [] : [{ text, isSpecial: false }];
  const pattern = longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`));
  return text
    .split(new RegExp(`(${pattern.join('|')})`, 'u'))
    .map((piece, index) => ({ text: piece, isSpecial: index % 2 === 1 }))
    .filter((segment) => segment.text !== '');
}
