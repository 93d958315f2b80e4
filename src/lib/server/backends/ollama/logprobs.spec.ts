import { describe, expect, it } from 'vitest';
import { useOllama } from '../__fixtures__/use-ollama';

describe('the log probabilities of Ollama', () => {
  it.each([0, 2])('come with their tokens, with %d others each', (top_logprobs) =>
    useOllama({ tokens: ['Ye', 's'] }, async ({ ask, sent }) => {
      const { events, warnings } = await ask({ top_logprobs });
      expect(sent()[0]?.body).toMatchObject({ logprobs: true, top_logprobs });
      const tokens = events.flatMap((event) => (event.type === 'delta' ? (event.tokens ?? []) : []));
      expect(tokens.map(({ text, logprob }) => [text, logprob])).toEqual([
        ['Ye', -0.5],
        ['s', -0.5],
      ]);
      expect(tokens.map(({ top = [] }) => top.length)).toEqual([top_logprobs, top_logprobs]);
      expect(warnings).toEqual([]);
    }),
  );

  it('are missed with a word where the server is older', () =>
    useOllama({ hasNoLogprobs: true }, async ({ ask }) => {
      expect(await ask({ top_logprobs: 1 })).toMatchObject({
        finish: 'stop',
        warnings: ['unknown-parameter'],
      });
    }));

  it('stay with the text that is held back for a stop sequence', () =>
    useOllama({ tokens: ['a', 'b', 'c'] }, async ({ ask }) => {
      const { events } = await ask({ top_logprobs: 0, stop: ['abd'] });
      expect(events.filter(({ type }) => type === 'delta')).toMatchObject([
        { text: 'abc', tokens: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] },
      ]);
    }));
});
