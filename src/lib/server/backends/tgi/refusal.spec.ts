import { expect, it } from 'vitest';
import { usualLimits } from './info';
import { learnFrom } from './refusal';

const asked = { parameters: { max_new_tokens: 100 }, limits: usualLimits };

it.each([
  ['`stop` supports up to 2 stop sequences. Given: 4', { limits: { ...usualLimits, stopSequences: 2 } }],
  ['`top_n_tokens` must be >= 0 and <= 3. Given: 5', { limits: { ...usualLimits, topTokens: 3 } }],
  ['`top_n_tokens` != 0 is not allowed for this endpoint', { limits: { ...usualLimits, topTokens: 0 } }],
  ['`best_of` must be > 0 and <= 1. Given: 2', { limits: { ...usualLimits, bestOf: 1 } }],
  ['`best_of` != 1 is not allowed for this endpoint', { limits: { ...usualLimits, bestOf: 1 } }],
  [
    '`truncate` must be strictly positive and less than 500. Given: 900',
    { limits: { ...usualLimits, inputTokens: 500 } },
  ],
  ['`max_new_tokens` must be <= 64. Given: 100', { parameters: { max_new_tokens: 64 } }],
  [
    '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 100 `max_new_tokens`',
    { parameters: { max_new_tokens: 96 } },
  ],
])('learns from: %s', (message, learnt) => {
  const next = learnFrom(`Input validation error: ${message}`, asked);
  expect(next).toEqual({ ...asked, ...learnt });
});

it.each([
  'Input validation error: `inputs` must have less than 4095 tokens. Given: 5000',
  'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4096 `inputs` tokens and 1 `max_new_tokens`',
  'Input validation error: `stop` supports up to 4 stop sequences. Given: 5',
  'Model is overloaded',
  '',
])('has nothing to learn from: %s', (message) => {
  expect(learnFrom(message, asked)).toBeUndefined();
});
