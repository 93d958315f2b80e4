import { describe, expect, it } from 'vitest';
import { payloadError, upstreamError } from './upstream-error';

const of = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  upstreamError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a reply that is no success', () => {
  it('is read in no time, however long and whatever it is', () => {
    expect(of(500, '<'.repeat(1_000_000)).code).toBe('backend-rejected');
  });

  it.each<[number, unknown, string, boolean, string]>([
    [401, '', 'backend-rejected', false, 'key was refused'],
    [401, { error: 'Unauthorized' }, 'backend-rejected', false, 'key was refused'],
    [402, { error: { code: 402, message: 'Insufficient credits' } }, 'backend-rejected', false, 'credit'],
    [403, { error: { code: 403, message: 'Guardrail' } }, 'backend-rejected', false, 'key was refused'],
    [
      404,
      { error: { message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 } },
      'model-unavailable',
      false,
      'does not have this model',
    ],
    [404, { error: "model 'x' not found" }, 'model-unavailable', false, 'does not have this model'],
    [404, { detail: 'Not Found' }, 'backend-rejected', false, 'nothing at this address'],
    [413, 'length limit exceeded', 'backend-rejected', false, 'larger'],
    [
      422,
      'Failed to deserialize the JSON body into the target type: top_p',
      'backend-rejected',
      false,
      'refuses the value of top_p',
    ],
    // vLLM 0.32.
    [
      400,
      {
        error: {
          message: 'top_p must be in (0, 1], got 0.0. (parameter=top_p, value=0.0)',
          type: 'BadRequestError',
          param: 'top_p',
          code: 400,
        },
      },
      'backend-rejected',
      false,
      'refuses the value of top_p',
    ],
    [
      400,
      {
        error: {
          message: 'min_tokens must be less than or equal to max_tokens=8, got 20.',
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
      },
      'backend-rejected',
      false,
      'refuses the value of min_new_tokens',
    ],
    [
      400,
      {
        error: {
          message: 'Grammar error: at 1(8): invalid regex "([0-9" (in regex): regex parse error',
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
      },
      'backend-rejected',
      false,
      'grammar',
    ],
    [
      422,
      { detail: [{ loc: ['body', 'n'], msg: 'field required' }] },
      'backend-rejected',
      false,
      'refused the request',
    ],
    [
      422,
      { error: 'Template error: Conversation roles must alternate', error_type: 'template_error' },
      'backend-rejected',
      false,
      'chat template',
    ],
    [
      424,
      { error: 'Request failed during generation: x', error_type: 'generation' },
      'backend-rejected',
      false,
      'refused',
    ],
    [429, { error: 'Model is overloaded', error_type: 'overloaded' }, 'rate-limited', true, 'too much to do'],
    [429, { error: { code: 429, message: 'Slow down' } }, 'rate-limited', true, 'no more requests'],
    [
      500,
      { error: { message: 'oops', type: 'InternalServerError', code: 500 } },
      'backend-rejected',
      true,
      'failed',
    ],
    [
      500,
      { error: { code: 500, message: 'Jinja Exception: System role not supported' } },
      'backend-rejected',
      false,
      'chat template',
    ],
    [
      502,
      '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
      'backend-unreachable',
      true,
      'cannot answer',
    ],
    [
      503,
      { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
      'model-unavailable',
      true,
      'loading',
    ],
    [503, '', 'backend-unreachable', true, 'cannot answer'],
    [504, '', 'backend-unreachable', true, 'too long'],
    [529, { error: { message: 'busy' } }, 'rate-limited', true, 'too much'],
    [302, '', 'backend-rejected', false, 'another address'],
  ])('%i %j is %s', (status, body, code, retryable, words) => {
    const error = of(status, body);
    expect(error).toMatchObject({ code, retryable, details: { status } });
    expect(error.message).toContain(words);
  });

  it('keeps what the server said for the log alone, and not all of it', () => {
    const error = of(400, { error: { message: `secret of the prompt ${'x'.repeat(5000)}` } });
    expect(error.message).not.toContain('secret');
    expect(JSON.stringify(error.details)).not.toContain('secret');
    expect(String(error.cause)).toContain('secret');
    expect(String(error.cause).length).toBeLessThanOrEqual(1000);
  });

  it('keeps no key that the server repeats', () => {
    const error = of(401, {
      error: { message: 'Incorrect API key provided: sk-proj-abcdef123456. Bearer abc.def' },
    });
    expect(String(error.cause)).toContain('Incorrect API key provided: [key]');
    expect(String(error.cause)).not.toMatch(/abcdef|abc\.def/u);
  });

  it('counts the prompt alone where that is too long by itself', () => {
    const message =
      'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 200 `max_new_tokens`';
    expect(of(422, { error: message }).details).toEqual({ tokens: 5000, promptTokens: 5000, limit: 4096 });
  });

  it('tells when to come back, in seconds or by a date', () => {
    expect(of(429, '', { 'retry-after': '17' }).details).toEqual({ status: 429, retryAfterSeconds: 17 });
    const date = new Date(Date.now() + 30_000).toUTCString();
    const { retryAfterSeconds } = of(503, '', { 'retry-after': date }).details ?? {};
    expect(retryAfterSeconds).toBeGreaterThan(25);
    expect(retryAfterSeconds).toBeLessThanOrEqual(31);
    expect(of(429, '', { 'retry-after': 'soon' }).details).toEqual({ status: 429 });
    expect(of(429, '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }).details?.retryAfterSeconds).toBe(
      0,
    );
  });
});

describe('a context that is too long', () => {
  it.each<[unknown, object]>([
    [
      {
        object: 'error',
        message:
          "This model's maximum context length is 8192 tokens. However, your request has 9000 input tokens. Please reduce",
        type: 'BadRequestError',
        code: 400,
      },
      { tokens: 9000, limit: 8192 },
    ],
    [
      {
        error: {
          message:
            "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context length is 8192 tokens and your request has 12 input tokens (9000 > 8192 - 12).",
          code: 400,
        },
      },
      { tokens: 9012, promptTokens: 12, limit: 8192 },
    ],
    [
      {
        error: {
          message:
            "This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens (8000 of text input, 1000 in the output).",
          code: 400,
        },
      },
      { tokens: 9000, promptTokens: 8000, limit: 8192 },
    ],
    [
      {
        error: {
          message:
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9100 tokens.",
          code: 'context_length_exceeded',
        },
      },
      { tokens: 9100, limit: 8192 },
    ],
    [
      {
        error: 'Input validation error: `inputs` must have less than 4095 tokens. Given: 5000',
        error_type: 'validation',
      },
      { tokens: 5000, limit: 4095 },
    ],
    [
      {
        error:
          'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 200 `max_new_tokens`',
      },
      { tokens: 4200, promptTokens: 4000, limit: 4096 },
    ],
    [
      {
        error: {
          code: 400,
          message: 'the request exceeds the available context size',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 700,
          n_ctx: 512,
        },
      },
      { tokens: 700, limit: 512 },
    ],
    [
      {
        error: {
          code: 400,
          message: 'request (700 tokens) exceeds the available context size (512 tokens), try increasing it',
        },
      },
      { tokens: 700, limit: 512 },
    ],
    [{ error: { message: 'prompt is too long' } }, {}],
    [{ error: 'prompt too long; exceeded max context length by 12 tokens' }, {}],
    [{ error: 'the input length exceeds the context length' }, {}],
  ])('%j', (body, details) => {
    expect(of(400, body)).toMatchObject({ code: 'context-too-long', retryable: false });
    expect(of(400, body).details).toEqual(details);
  });
});

describe('an object of a stream', () => {
  it.each<[unknown, string]>([
    [{ error: { message: 'Model is overloaded', http_status_code: 422 } }, 'rate-limited'],
    [{ error: 'Model is overloaded', error_type: 'overloaded' }, 'rate-limited'],
    [{ error: { message: 'x', type: 'InternalServerError', param: null, code: 500 } }, 'backend-rejected'],
    [
      {
        error: { code: 502, message: 'Provider down' },
        choices: [{ index: 0, delta: {}, finish_reason: 'error' }],
      },
      'backend-unreachable',
    ],
    [{ choices: [{ finish_reason: 'error' }] }, 'backend-rejected'],
    [{ object: 'error', message: 'x', type: 'BadRequestError', code: 400 }, 'backend-rejected'],
    [{ error: ['a', 'b'] }, 'backend-rejected'],
  ])('%j is a fault', (payload, code) => {
    expect(payloadError(payload)?.code).toBe(code);
  });

  it('is a refusal where only the words say so', () => {
    // TGI 3.3 on /v1/chat/completions, in a stream: the status is the same whatever went wrong.
    const message =
      'Input validation error: cannot compile regex from schema: Invalid reference path: nowhere';
    expect(payloadError({ error: { message, http_status_code: 422 } })).toMatchObject({
      retryable: false,
      message: expect.stringContaining('grammar') as string,
    });
  });

  it.each([
    [{ choices: [] }],
    [{ error: null, choices: [{ delta: { content: 'an error' } }] }],
    [{ choices: [{ finish_reason: 'stop' }] }],
    [null],
    ['text'],
  ])('%j is none', (payload) => {
    expect(payloadError(payload)).toBeUndefined();
  });
});
