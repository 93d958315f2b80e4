import type { Vocabulary } from '../token-decoder';

/** A vocabulary of the given texts: token N is the text in place N. */
export function vocabularyOfTexts(texts: readonly string[]): Vocabulary {
  return {
    pieceOf: (token) => texts[token],
    isSpecial: () => false,
    isAdded: () => true,
    style: { kind: 'byte-level' },
  };
}
