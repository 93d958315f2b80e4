import { describe, expect, it } from 'vitest';
import { TokenDecoder, type Vocabulary } from './token-decoder';

/** A vocabulary with a token for every byte, in GPT-2's alphabet; 256 is special, 257 an added one. */
const added = '<note é>';
const alphabet = (() => {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  const strangers = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !isPrintable(byte));
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPrintable(byte) ? byte : 0x100 + strangers.indexOf(byte)),
  );
})();
const vocabulary: Vocabulary = {
  pieceOf: (token) => (token === 256 ? '<|end|>' : token === 257 ? added : alphabet[token]),
  isSpecial: (token) => token === 256,
  isAdded: (token) => token >= 256,
  style: { kind: 'byte-level' },
};

function decode(tokens: number[]): string[] {
  const decoder = new TokenDecoder(vocabulary);
  return [...tokens.map((token) => decoder.push(token)), decoder.end()];
}

describe('TokenDecoder', () => {
  for (const text of [
    'plain text\n\twith white space',
    'Grüße, 世界',
    '👩‍👩‍👧 und 🇫🇷',
    '\u0000\u007f\u00ad\uffff',
    '\ufeffmark',
  ]) {
    it(`gives back ${JSON.stringify(text)} byte by byte`, () => {
      expect(decode([...new TextEncoder().encode(text)]).join('')).toBe(text);
    });
  }

  it('holds the bytes of a character until it is whole', () => {
    expect(decode([0xe4, 0xb8, 0x96])).toEqual(['', '', '世', '']);
  });

  it('shows a character that never became whole as U+FFFD', () => {
    expect(decode([0x61, 0xe4, 0xb8])).toEqual(['a', '', '', '\ufffd']);
    expect(decode([0xe4, 0x61]).join('')).toBe('\ufffda');
  });

  it('does not show special tokens, nor tokens that the vocabulary lacks', () => {
    expect(decode([0x61, 256, 999, 0x62]).join('')).toBe('ab');
  });

  it('shows an added token as its own text', () => {
    expect(decode([257]).join('')).toBe(added);
  });
});
