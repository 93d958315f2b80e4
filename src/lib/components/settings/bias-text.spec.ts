import { describe, expect, it } from 'vitest';
import { parameterFault } from '../../domain/parameter-rules';
import { describeParameter, type LogitBias } from '../../domain/parameters';
import { biasOf, biasWords, withBias } from './bias-text';

describe('a typed bias', () => {
  it.each<['text' | 'token', string, LogitBias, string]>([
    ['text', ' cat', { text: ' cat', bias: 2 }, ' cat'],
    ['text', String.raw`a\nb`, { text: 'a\nb', bias: 2 }, String.raw`a\nb`],
    ['text', '12', { text: '12', bias: 2 }, '12'],
    ['token', '12', { token: 12, bias: 2 }, '#12'],
    ['token', ' #12 ', { token: 12, bias: 2 }, '#12'],
  ])('for the %s %j', (kind, typed, bias, words) => {
    expect(biasOf(kind, typed, 2)).toEqual(bias);
    expect(biasWords(bias)).toBe(words);
  });

  it.each(['x', '-1', '1.5', ''])('for a token that is %j is refused by the rule', (typed) => {
    expect(parameterFault(describeParameter('logit_bias'), [biasOf('token', typed, 2)])).toBeDefined();
  });

  it('takes the place of one for the same, and of no other', () => {
    const biases: LogitBias[] = [
      { text: '12', bias: 1 },
      { token: 12, bias: 2 },
    ];
    expect(withBias(biases, { token: 12, bias: 5 })).toEqual([biases[0], { token: 12, bias: 5 }]);
    expect(withBias(biases, { text: '12', bias: 5 })).toEqual([{ text: '12', bias: 5 }, biases[1]]);
    expect(withBias(biases, { text: ' 12', bias: 5 })).toEqual([...biases, { text: ' 12', bias: 5 }]);
  });
});
