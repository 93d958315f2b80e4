import { afterEach, describe, expect, it } from 'vitest';
import { events, type Script } from '../__fixtures__/fake-server';
import { bodyOf, chunk, json, stream } from '../__fixtures__/openai-server';
import { answer, chats, closeAll, saying, setup } from '../__fixtures__/openai-setup';

afterEach(closeAll);

/** As version 0.3.36 lists its model, and as it begins an answer. */
const models = json({
  object: 'list',
  data: [{ id: '/m/small.gguf', object: 'model', owned_by: 'me', permissions: [] }],
});
const begin = chunk({ role: 'assistant' });
const fine = stream([events(begin, chunk({ content: 'Fine' }), chunk({}, 'stop'), '[DONE]')]);
const server = (chat: Script, more: Record<string, Script> = {}) =>
  setup(chat, { flavour: 'llama-cpp-python' }, { '/v1/models': models, ...more });

describe('llama-cpp-python', () => {
  it('is found out by its list', async () => {
    const { backend, ask } = await setup(fine, {}, { '/v1/models': models });
    await backend.warmUp();
    expect(backend.supportedParameters).toContain('min_p');
    expect(backend.accepts).toContain('prompt');
    expect(answer(await ask())).toBe('Fine');
  });

  it('is asked for one answer at a time', async () => {
    const { backend } = await server(fine);
    expect(backend.maxConcurrency).toBe(1);
  });

  it('breaks an answer off for another request, and says no more than [DONE]', async () => {
    const { ask } = await server(saying(begin, chunk({ content: 'Fi' }), '[DONE]'));
    await expect(ask()).rejects.toMatchObject({
      code: 'backend-protocol',
      message: expect.stringContaining('another request') as string,
      retryable: true,
    });
  });

  it('ends its stream where the prompt is too long, and says so to whoever wants it whole', async () => {
    const message =
      "This model's maximum context length is 2048 tokens. However, you requested 3232 tokens (3231 in the messages, 1 in the completion). Please reduce the length of the messages or completion.";
    const refused = {
      message,
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    };
    const { ask, server: asked } = await server((request) =>
      bodyOf(request).stream === true ? stream('') : json({ error: refused }, 400),
    );
    await expect(ask()).rejects.toMatchObject({
      code: 'context-too-long',
      details: { tokens: 3231, promptTokens: 3231, limit: 2048 },
    });
    expect(chats(asked).map(({ stream: wanted, stream_options: more }) => [wanted, more])).toEqual([
      [true, { include_usage: true }],
      [false, undefined],
    ]);
  });

  it('is asked for less where only the answer is too long, in a stream again', async () => {
    const message =
      "This model's maximum context length is 2048 tokens. However, you requested 2100 tokens (100 in the messages, 2000 in the completion). Please reduce the length of the messages or completion.";
    const { ask, server: asked } = await server((request) => {
      const { stream: wanted, max_tokens: limit = Infinity } = bodyOf(request);
      if (limit <= 1948) return fine;
      return wanted === true ? stream('') : json({ error: { message } }, 400);
    });
    expect(answer(await ask({ parameters: { max_new_tokens: 2000 } }))).toBe('Fine');
    expect(chats(asked).map(({ stream: wanted, max_tokens: limit }) => [wanted, limit])).toEqual([
      [true, 2000],
      [false, 2000],
      [true, 1948],
    ]);
  });

  it('is not asked a third time where both ways say nothing', async () => {
    const { ask, server: asked } = await server(stream([events()]));
    await expect(ask()).rejects.toMatchObject({ code: 'backend-protocol' });
    expect(chats(asked)).toHaveLength(2);
  });

  it('takes a schema beside the type, and one of some texts as a grammar', async () => {
    const { ask, server: asked } = await server(fine);
    const schema = { type: 'object', properties: {} };
    await ask({ parameters: { grammar: { type: 'json', value: schema } } });
    await ask({ parameters: { grammar: { type: 'json', value: true } } });
    await ask({ parameters: { grammar: { type: 'choice', value: ['yes', 'no'] } } });
    expect(chats(asked).map(({ response_format: format, grammar }) => format ?? grammar)).toEqual([
      { type: 'json_object', schema },
      { type: 'json_object' },
      'root ::= "yes" | "no"',
    ]);
  });
});
