import { describe, expect, it } from 'vitest';
import { vocabularyOfTexts } from './__fixtures__/word-vocabulary';
import { TokenWords } from './token-words';

const texts = [' The', 'the', ' two', ',', 'ő', ' Őr', '\n', '7', '�', ' '];
const words = new TokenWords(vocabularyOfTexts(texts));
const token = (text: string) => texts.indexOf(text);

describe('a token', () => {
  it.each([
    ['the', true],
    ['ő', true],
    ['7', true],
    [' The', false],
    [',', false],
    ['\n', false],
    ['�', false],
  ])('%j goes on with a word: %s', (text, expected) => {
    expect(words.continuesWord(token(text))).toBe(expected);
  });

  it('without a text begins something new', () => {
    expect(words.continuesWord(99)).toBe(false);
    expect(words.beginAlike(99, 99)).toBe(false);
  });
});

describe('two tokens', () => {
  it.each([
    [' The', 'the', true],
    [' The', ' two', true],
    ['ő', ' Őr', true],
    ['the', 'ő', false],
    [',', ',', false],
    [' ', ' ', false],
  ])('%j and %j begin with the same letter: %s', (one, other, expected) => {
    expect(words.beginAlike(token(one), token(other))).toBe(expected);
  });
});
