import { describe, expect, it } from 'vitest';
import { choicesOf, percentWords, perplexityOf, surpriseOf, tokenName, tokenText } from './token-facts';

const token = (text: string, probability: number) => ({ text, logprob: Math.log(probability) });

describe('percentWords', () => {
  it.each([
    [1, '100 %'],
    [0.9999, '100 %'],
    [0.9949, '99.5 %'],
    [0.987, '99 %'],
    [0.354, '35 %'],
    [0.0954, '9.5 %'],
    [0.001, '0.1 %'],
    [0.0009, '< 0.1 %'],
    [0, '< 0.1 %'],
  ])('%s is %s', (probability, words) => expect(percentWords(probability)).toBe(words));
});

describe('surpriseOf', () => {
  it.each([
    [1, 0],
    [0.91, 0],
    [0.89, 1],
    [0.51, 1],
    [0.49, 2],
    [0.21, 2],
    [0.19, 3],
    [0.06, 3],
    [0.04, 4],
    [0, 4],
  ])('%s is step %s', (probability, step) => expect(surpriseOf(token('x', probability))).toBe(step));
});

describe('choicesOf', () => {
  it('marks the chosen one among the likeliest', () => {
    const choices = choicesOf({ ...token('b', 0.3), top: [token('a', 0.6), token('b', 0.3)] });
    expect(choices.map(({ text, isChosen }) => [text, isChosen])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(choices[0]?.probability).toBeCloseTo(0.6);
  });

  it('has the chosen one also when it was not among them, or when there are none', () => {
    const unlikely = choicesOf({ ...token('z', 0.01), top: [token('a', 0.6), token('b', 0.3)] });
    expect(unlikely.map(({ text }) => text)).toEqual(['a', 'b', 'z']);
    expect(choicesOf(token('z', 0.5))).toMatchObject([{ text: 'z', isChosen: true }]);
  });
});

describe('perplexityOf', () => {
  it.each([
    [[], 1],
    [[1, 1], 1],
    [[0.25, 0.25], 4],
    [[0.5, 0.125], 4],
  ])('of tokens with %j is %s', (probabilities, perplexity) => {
    expect(perplexityOf(probabilities.map((one) => token('x', one)))).toBeCloseTo(perplexity);
  });
});

it('spaces and line breaks are seen', () => {
  expect(tokenName(' a\n\tb')).toBe('␣a⏎⇥b');
  expect(tokenName('')).toBe('part of a character');
  expect(tokenText('.\n\n')).toBe('.⏎\n⏎\n');
  expect(tokenText('')).toBe('·');
});
