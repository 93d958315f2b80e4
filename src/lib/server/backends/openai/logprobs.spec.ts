import { describe, expect, it } from 'vitest';
import { tokensOf } from './logprobs';

/** As llama.cpp and Ollama send a token: the alternatives may be without its own text, and with one of no text. */
const content = [
  {
    token: 'In',
    logprob: -5.05,
    bytes: [73, 110],
    top_logprobs: [
      { token: '', logprob: -1.21 },
      { token: 'I', logprob: -2.15, bytes: [73] },
    ],
  },
];

describe('the log probabilities of a token', () => {
  it.each([
    [undefined, ['', 'I']],
    [1, ['']],
  ])('have %s alternatives at most', (most, texts) => {
    const [token] = tokensOf({ content }, most);
    expect(token).toMatchObject({ text: 'In', logprob: -5.05 });
    expect(token?.top?.map(({ text }) => text)).toEqual(texts);
  });

  it('have none where none were asked for', () => {
    expect(tokensOf({ content }, 0)).toEqual([{ text: 'In', logprob: -5.05 }]);
    const lists = { tokens: ['a'], token_logprobs: [-1], top_logprobs: [{ a: -1 }] };
    expect(tokensOf(lists, 0)).toEqual([{ text: 'a', logprob: -1 }]);
  });
});
