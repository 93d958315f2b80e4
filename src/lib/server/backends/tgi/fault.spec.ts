import { describe, expect, it } from 'vitest';
import { faultIn, TgiFault, toAppError } from './fault';

const errorOf = (body: string, status: number) => {
  const fault = faultIn({ body, status, headers: {} });
  if (!fault) throw new Error('There is no fault in this.');
  return toAppError(fault);
};
const json = (error: string, error_type?: string) => JSON.stringify({ error, error_type });

describe('what a reply says', () => {
  it.each([
    ['{"generated_text":"a"}', 200],
    ['', 204],
  ])('%j with status %i is no fault', (body, status) => {
    expect(faultIn({ body, status, headers: {} })).toBeUndefined();
  });

  it.each<[string, string, number, string, boolean]>([
    ['an error event', json('Model is overloaded', 'overloaded'), 200, 'rate-limited', true],
    ['an error without type', json('Something'), 200, 'backend-rejected', true],
    ['too many requests', json('Model is overloaded', 'overloaded'), 429, 'rate-limited', true],
    [
      'a failure',
      json('Request failed during generation: CUDA', 'generation'),
      424,
      'backend-rejected',
      true,
    ],
    [
      'a failure later',
      json('Request failed during generation: CUDA', 'generation'),
      200,
      'backend-rejected',
      true,
    ],
    [
      'half an answer',
      json('Incomplete generation stream', 'incomplete_generation_stream'),
      200,
      'backend-rejected',
      true,
    ],
    [
      'a refusal',
      json('Input validation error: tokenizer error', 'validation'),
      200,
      'backend-rejected',
      false,
    ],
    [
      'the JSON layer',
      'Failed to deserialize the JSON body into the target type',
      422,
      'backend-rejected',
      false,
    ],
    ['too large a body', 'length limit exceeded', 413, 'backend-rejected', false],
    ['a wrong key', '', 401, 'backend-rejected', false],
    ['a page of a proxy', '<html>Bad Gateway</html>', 502, 'backend-unreachable', true],
    ['a server that loads', json('unhealthy', 'healthcheck'), 503, 'backend-unreachable', true],
    ['another server', 'Not Found', 404, 'backend-rejected', false],
    ['a failure of its own', 'oops', 500, 'backend-rejected', true],
  ])('%s', (_, body, status, code, retryable) => {
    expect(errorOf(body, status)).toMatchObject({ code, retryable });
  });

  it('says of a wrong key, whose body is empty, that it is the key', () => {
    expect(errorOf('', 401).message).toContain('key');
  });

  it.each([
    ['`inputs` must have less than 4095 tokens. Given: 5000', { tokens: 5000, limit: 4095 }],
    [
      '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4099 `inputs` tokens and 5 `max_new_tokens`',
      { promptTokens: 4099, limit: 4096 },
    ],
  ])('gives the figures of: %s', (text, details) => {
    for (const status of [200, 422]) {
      const error = errorOf(json(`Input validation error: ${text}`, 'validation'), status);
      expect(error).toMatchObject({ code: 'context-too-long', details });
    }
  });

  it.each([
    ['`top_p` must be > 0.0 and < 1.0', 'top_p'],
    ['you must use sampling when `best_of` is > 1', 'best_of'],
    ['grammar is not valid: oneOf', 'grammar'],
    ['Could not fetch image: dns', 'image'],
    ['`inputs` cannot be empty', 'no text'],
    ['something with `secret_name` in it', 'refused'],
  ])('names what is refused by: %s', (text, words) => {
    for (const status of [200, 422]) {
      const { code, message, cause } = errorOf(json(`Input validation error: ${text}`, 'validation'), status);
      expect(code).toBe('backend-rejected');
      expect(message).toContain(words);
      expect(message).not.toContain('secret');
      expect(cause).toContain(text);
    }
  });

  it('says of a failure under a grammar that it may be the grammar', () => {
    // What version 3.3 says of an expression that cannot be read; the reason stays in its log.
    const text = 'Request failed during generation: Server error: ';
    const fault = new TgiFault(text, 'generation', { status: 200, headers: {}, body: '' });
    expect(toAppError(fault, true).message).toContain('grammar');
    expect(toAppError(fault).message).not.toContain('grammar');
  });

  it('keeps no more than a little of what a server said', () => {
    const reply = { status: 422, headers: {}, body: 'a'.repeat(9000) };
    expect(String(toAppError(new TgiFault(reply.body, undefined, reply)).cause).length).toBeLessThan(1100);
  });
});
