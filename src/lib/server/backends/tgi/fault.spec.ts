import { describe, expect, it } from 'vitest';
import { faultIn, TgiFault, toAppError } from './fault';

const validation = (text: string) =>
  faultIn(JSON.stringify({ error: `Input validation error: ${text}`, error_type: 'validation' }), 422);

describe('what a body says', () => {
  it.each([
    ['{"generated_text":"a"}', 200],
    ['', 204],
  ])('%j with status %i is no fault', (body, status) => {
    expect(faultIn(body, status)).toBeUndefined();
  });

  it.each([
    [
      'an error event',
      '{"error":"Model is overloaded","error_type":"overloaded"}',
      200,
      'rate-limited',
      true,
    ],
    ['an error without type', '{"error":"Something"}', 200, 'backend-rejected', false],
    [
      'too many requests',
      '{"error":"Model is overloaded","error_type":"overloaded"}',
      429,
      'rate-limited',
      true,
    ],
    [
      'a failure while writing',
      '{"error":"Request failed during generation: x","error_type":"generation"}',
      424,
      'backend-rejected',
      true,
    ],
    [
      'a half answer',
      '{"error":"Incomplete generation stream","error_type":"incomplete_generation_stream"}',
      200,
      'backend-rejected',
      true,
    ],
    [
      'words of the JSON layer',
      'Failed to deserialize the JSON body into the target type: stop',
      422,
      'backend-rejected',
      false,
    ],
    ['too large a body', 'length limit exceeded', 413, 'backend-rejected', false],
    ['a wrong key', '', 401, 'backend-rejected', false],
    ['a page of a proxy', '<html>Bad Gateway</html>', 502, 'backend-unreachable', true],
    [
      'a server that still loads',
      '{"error":"unhealthy","error_type":"healthcheck"}',
      503,
      'backend-unreachable',
      true,
    ],
    ['another server', 'Not Found', 404, 'backend-rejected', false],
    ['a failure of its own', 'oops', 500, 'backend-rejected', true],
  ])('%s', (_, body, status, code, retryable) => {
    const fault = faultIn(body, status);
    const error = toAppError(fault ?? new TgiFault('none', undefined, 0));
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).not.toContain('x');
    if (body !== '') expect(error.message).not.toContain(fault?.message);
  });

  it.each([
    ['`inputs` must have less than 4095 tokens. Given: 5000', { tokens: 5000, limit: 4095 }],
    [
      '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4099 `inputs` tokens and 5 `max_new_tokens`',
      { tokens: 4099, limit: 4096 },
    ],
  ])('gives the figures of: %s', (text, details) => {
    expect(toAppError(validation(text) ?? new TgiFault('', '', 0))).toMatchObject({
      code: 'context-too-long',
      details,
    });
  });

  it.each([
    ['`top_p` must be > 0.0 and < 1.0', 'top_p'],
    ['you must use sampling when `best_of` is > 1', 'best_of'],
    ['grammar is not valid: oneOf', 'grammar'],
    ['Could not fetch image: dns', 'image'],
    ['`inputs` cannot be empty', 'no text'],
    ['something with `secret_name` in it', 'refuses the request'],
  ])('names what is refused by: %s', (text, words) => {
    const { message, cause } = toAppError(validation(text) ?? new TgiFault('', '', 0));
    expect(message).toContain(words);
    expect(message).not.toContain('secret');
    expect(cause).toContain(text);
  });

  it('keeps no more than a little of what a server said', () => {
    expect(String(toAppError(new TgiFault('a'.repeat(9000), undefined, 422)).cause).length).toBeLessThan(500);
  });
});
