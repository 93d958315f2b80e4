export interface PromptSegment {
  text: string;
  /** The tokenizer reads it as one control token. */
  isSpecial: boolean;
}

/** A prompt in pieces, so that control tokens can be shown as what they are. */
export function promptSegments(text: string, specialTokens: readonly string[]): PromptSegment[] {
  const longestFirst = specialTokens.filter((token) => token !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return text === '' ? [] : [{ text, isSpecial: false }];
  const pattern = longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`));
  return text
    .split(new RegExp(`(${pattern.join('|')})`, 'u'))
    .map((piece, index) => ({ text: piece, isSpecial: index % 2 === 1 }))
    .filter((segment) => segment.text !== '');
}
