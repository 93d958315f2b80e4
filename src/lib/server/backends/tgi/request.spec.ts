import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../domain/parameters';
import { typeFault, usualFakeLimits, validationFault } from '../__fixtures__/fake-tgi-validation';
import { usualLimits } from './info';
import { planRequest } from './request';

const always = { do_sample: true, details: true, return_full_text: false };
const plan = (parameters: GenerationParameters, limits = {}) =>
  planRequest(parameters, { ...usualLimits, ...limits });

describe('what the server is asked for', () => {
  it.each<[string, GenerationParameters, object]>([
    ['nothing set', {}, {}],
    ['the longest answer', { max_new_tokens: 7 }, { max_new_tokens: 7 }],
    ['a temperature', { temperature: 0.3 }, { temperature: 0.3 }],
    [
      'greedy, without what would switch sampling on',
      { temperature: 0, top_k: 5, top_p: 0.5, typical_p: 0.5 },
      { do_sample: false },
    ],
    ['top_k', { top_k: 40 }, { top_k: 40 }],
    ['top_k off', { top_k: 0 }, {}],
    ['top_p', { top_p: 0.9 }, { top_p: 0.9 }],
    ['top_p off', { top_p: 1 }, {}],
    ['top_p of nothing but the likeliest', { top_p: 0 }, { top_p: 1e-6 }],
    ['typical_p', { typical_p: 0.2 }, { typical_p: 0.2 }],
    ['typical_p off', { typical_p: 1 }, {}],
    [
      'penalties',
      { repetition_penalty: 1.2, frequency_penalty: -0.5 },
      { repetition_penalty: 1.2, frequency_penalty: -0.5 },
    ],
    ['penalties off', { repetition_penalty: 1, frequency_penalty: 0 }, {}],
    ['a seed', { seed: 0 }, { seed: 0 }],
    ['stop sequences', { stop: ['a', '', 'b'] }, { stop: ['a', 'b'] }],
    ['no stop sequences', { stop: [] }, {}],
    ['stop sequences beyond the limit', { stop: ['a', 'b', 'c', 'd', 'e'] }, { stop: ['a', 'b', 'c', 'd'] }],
    ['truncate', { truncate: 100 }, { truncate: 100 }],
    ['a watermark', { watermark: true }, { watermark: true }],
    ['no watermark', { watermark: false }, {}],
    ['an adapter', { adapter_id: 'org/lora' }, { adapter_id: 'org/lora' }],
    ['alternatives', { top_logprobs: 3 }, { top_n_tokens: 3 }],
    ['probabilities without alternatives', { top_logprobs: 0 }, {}],
    [
      'a schema',
      { grammar: { type: 'json', value: { properties: {} } } },
      { grammar: { type: 'json', value: { properties: {} } } },
    ],
    [
      'an expression',
      { grammar: { type: 'regex', value: '[0-9]+' } },
      { grammar: { type: 'regex', value: '[0-9]+' } },
    ],
    [
      'a choice',
      { grammar: { type: 'choice', value: ['a+b', 'no.'] } },
      { grammar: { type: 'regex', value: String.raw`(a\+b|no\.)` } },
    ],
  ])('%s', (_, parameters, expected) => {
    const { parameters: asked, streams, changes } = plan(parameters);
    expect(asked).toEqual({ ...always, ...expected });
    expect(streams).toBe(true);
    expect(changes).toEqual([]);
  });

  it.each<[string, GenerationParameters, object, string]>([
    ['a best_of beyond the limit', { best_of: 5 }, { best_of: 2 }, 'at most 2'],
    ['a seed beside best_of', { best_of: 2, seed: 4 }, { best_of: 2 }, 'seed is left out'],
    ['best_of of greedy answers', { best_of: 2, temperature: 0 }, { do_sample: false }, 'would be the same'],
    ['more alternatives than there are', { top_logprobs: 9 }, { top_n_tokens: 5 }, 'at most 5 alternatives'],
    ['a prompt longer than the server reads', { truncate: 9000 }, { truncate: 4000 }, 'at most 4000 tokens'],
    [
      'a schema without properties',
      { grammar: { type: 'json', value: { type: 'array' } } },
      {},
      'not guided',
    ],
    ['any JSON at all', { grammar: { type: 'json', value: true } }, {}, 'not guided'],
  ])('says what it changes of %s', (_, parameters, expected, words) => {
    const { parameters: asked, changes } = plan(parameters, { inputTokens: 4000 });
    expect(asked).toEqual({ ...always, ...expected });
    expect(changes).toEqual([expect.stringContaining(words)]);
  });

  it('asks old versions for all that there may be, when nobody limits the answer', () => {
    expect(plan({}, { answerTokens: 4095 }).parameters.max_new_tokens).toBe(4095);
    expect(plan({ max_new_tokens: 5 }, { answerTokens: 4095 }).parameters.max_new_tokens).toBe(5);
  });

  it('leaves best_of out where the server allows none', () => {
    const { parameters, streams, changes } = plan({ best_of: 2 }, { bestOf: 1 });
    expect(parameters).toEqual(always);
    expect(streams).toBe(true);
    expect(changes).toEqual([expect.stringContaining('does not allow')]);
  });

  it.each<GenerationParameters>([{ best_of: 2 }, { decoder_input_details: true }])(
    'comes at once with %o',
    (given) => {
      expect(plan(given).streams).toBe(false);
    },
  );

  it('is nothing that the server would refuse, at the ends of every range', () => {
    const ends: GenerationParameters[] = [
      { temperature: 0, top_p: 0, top_k: 0, typical_p: 0, repetition_penalty: 0.1, frequency_penalty: -2 },
      { temperature: 5, top_p: 1, top_k: 1000, typical_p: 1, repetition_penalty: 10, frequency_penalty: 2 },
      {
        temperature: 0.5,
        top_p: 0,
        typical_p: 0,
        stop: ['1', '2', '3', '4', '5'],
        top_logprobs: 20,
        truncate: 1,
      },
      { best_of: 8, seed: 4_294_967_295, truncate: 10_000_000, watermark: true, decoder_input_details: true },
    ];
    for (const given of ends) {
      const { parameters, streams } = plan({ max_new_tokens: 100, ...given }, { inputTokens: 4095 });
      const body = JSON.parse(JSON.stringify({ inputs: 'a', parameters })) as { parameters: object };
      expect(typeFault(body)).toBeUndefined();
      expect(
        validationFault('a', body.parameters, { limits: usualFakeLimits, streams, tokens: 2 }),
      ).toBeUndefined();
    }
  });
});
