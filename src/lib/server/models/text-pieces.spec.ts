import { describe, expect, it } from 'vitest';
import { betweenTokens, piecesOf } from './text-pieces';

describe('piecesOf', () => {
  it.each([
    ['nothing', ''],
    ['lines', 'a line\n'.repeat(20_000)],
    ['one line', 'x'.repeat(100_000)],
    ['pairs of surrogates', `x${'😀'.repeat(40_000)}`],
    ['lines as long as a piece', `${'y'.repeat(15_999)}\n`.repeat(4)],
  ])('loses nothing and splits no character: %s', (_, text) => {
    const pieces = piecesOf(text);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => piece.length <= 32_000 && !/^[\uDC00-\uDFFF]/u.test(piece))).toBe(true);
    expect(pieces.every((piece, index) => piece !== '' || index === 0)).toBe(true);
  });

  it('cuts at the ends of lines, and from the beginning on', () => {
    const text = 'a line of text\n'.repeat(5000);
    const pieces = piecesOf(text);
    expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
    expect(piecesOf(`${text}more`).slice(0, pieces.length - 1)).toEqual(pieces.slice(0, -1));
  });
});

describe('betweenTokens', () => {
  it.each([
    ['no tokens', 'a<b>c', [], ['a<b>c'], 0],
    ['some', '<s>a</s><s>b', ['<s>', '</s>'], ['', 'a', '', 'b'], 3],
    ['what looks like a pattern', 'a[.*]b|c', ['[.*]', '|'], ['a', 'b', 'c'], 2],
    ['one that begins another', '<s><s>>x', ['<s>', '<s>>'], ['', '', 'x'], 2],
  ])('%s', (_, text, special, texts, tokens) => {
    expect(betweenTokens(text, special)).toEqual({ texts, tokens });
  });
});
