import { afterEach, describe, expect, it } from 'vitest';
import { events, type FakeReply, type Script } from '../__fixtures__/fake-server';
import { bodyOf, chunk, json, list, stream } from '../__fixtures__/openai-server';
import { answer, chats, closeAll, saying, setup } from '../__fixtures__/openai-setup';

afterEach(closeAll);

const fine = stream([events(chunk({ content: 'Fine' }, 'stop'), '[DONE]')]);
const withSystem = {
  messages: [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'Hi' },
  ],
};

describe('O11, a system message that is refused', () => {
  it.each<[number, unknown]>([
    [400, { error: { message: 'System role not supported', type: 'BadRequestError', code: 400 } }],
    [
      400,
      { object: 'error', message: 'Conversation roles must alternate user/assistant/user/assistant/...' },
    ],
    [422, { error: 'Template error: system role is not allowed', error_type: 'template_error' }],
    [500, { error: { code: 500, message: 'Jinja Exception: raise_exception', type: 'server_error' } }],
  ])('%i: begins the first user message instead, from then on', async (status, body) => {
    const refusing: Script = (request) =>
      bodyOf(request).messages?.some(({ role }) => role === 'system') === true ? json(body, status) : fine;
    const { ask, server } = await setup(refusing);
    expect(answer(await ask(withSystem))).toBe('Fine');
    expect(answer(await ask(withSystem))).toBe('Fine');
    const roles = chats(server).map(({ messages = [] }) => messages.map(({ role }) => role));
    expect(roles).toEqual([['system', 'user'], ['user'], ['user']]);
    expect(chats(server)[1]?.messages).toEqual([{ role: 'user', content: 'Be brief.\n\nHi' }]);
  });

  it('is not asked again for another reason, nor for ever', async () => {
    const other = await setup(json({ error: { message: 'max_tokens must be positive' } }, 400));
    await expect(other.ask(withSystem)).rejects.toMatchObject({ code: 'backend-rejected' });
    expect(chats(other.server)).toHaveLength(1);
    const always = await setup(json({ error: { message: 'System role not supported' } }, 400));
    await expect(always.ask(withSystem)).rejects.toMatchObject({ code: 'backend-rejected' });
    expect(chats(always.server)).toHaveLength(2);
  });
});

describe('a field that is refused', () => {
  it('and that the operator wants in every request is asked for once more, and not for ever', async () => {
    const message = "Unsupported value: 'temperature' does not support 0.5 with this model.";
    const refusing = json({ error: { message, param: 'temperature' } }, 400);
    const { ask, server } = await setup(refusing, { body: { temperature: 0.5 } });
    await expect(ask()).rejects.toMatchObject({ code: 'backend-rejected' });
    expect(chats(server)).toHaveLength(2);
  });

  it('is left out from then on, with a warning', async () => {
    const message = "Unsupported value: 'temperature' does not support 0.5 with this model.";
    const refusing: Script = (request) =>
      'temperature' in bodyOf(request)
        ? json({ error: { message, param: 'temperature', code: 'unsupported_value' } }, 400)
        : fine;
    const { ask, server } = await setup(refusing);
    for (let time = 0; time < 2; time += 1)
      expect((await ask({ parameters: { temperature: 0.5, seed: 1 } })).warnings).toEqual([
        'unknown-parameter',
      ]);
    expect(chats(server).map(({ temperature, seed }) => [temperature, seed])).toEqual([
      [0.5, 1],
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  it('is stream_options, or max_tokens, which has another name', async () => {
    const detail = [
      { type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' },
    ];
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    const refusing: Script = (request) => {
      if ('stream_options' in bodyOf(request)) return json({ detail }, 422);
      return 'max_tokens' in bodyOf(request) ? json({ error: { message, param: 'max_tokens' } }, 400) : fine;
    };
    const { ask, server } = await setup(refusing);
    const read = await ask({ parameters: { max_new_tokens: 9 } });
    expect([answer(read), read.warnings]).toEqual(['Fine', []]);
    expect(chats(server).at(-1)).toMatchObject({ max_completion_tokens: 9 });
  });
});

it('an answer for which there is too little room is asked for again, shorter, also where a stream says so', async () => {
  // As Text Generation Inference 3.3 refuses: in a stream of status 200.
  const message =
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 1024. Given: 33 `inputs` tokens and 1013 `max_new_tokens`';
  const refusing: Script = (request) =>
    Number(bodyOf(request).max_tokens) > 991
      ? stream([events({ error: { message, http_status_code: 422 } }, '[DONE]')])
      : fine;
  const { ask, server } = await setup(refusing);
  expect(answer(await ask({ parameters: { max_new_tokens: 1013 } }))).toBe('Fine');
  expect(chats(server).map(({ max_tokens }) => max_tokens)).toEqual([1013, 991]);
  const always = await setup(stream([events({ error: { message, http_status_code: 422 } }, '[DONE]')]));
  await expect(always.ask({ parameters: { max_new_tokens: 1013 } })).rejects.toMatchObject({
    code: 'context-too-long',
  });
  expect(chats(always.server)).toHaveLength(2);
});

describe('a status that is no success', () => {
  it.each<[number, FakeReply, string]>([
    [401, {}, 'backend-rejected'],
    [402, {}, 'backend-rejected'],
    [403, {}, 'backend-rejected'],
    [404, json({ error: { message: 'The model `m` does not exist.' } }, 404), 'model-unavailable'],
    [413, { body: 'length limit exceeded' }, 'backend-rejected'],
    [422, { body: 'Failed to deserialize the JSON body' }, 'backend-rejected'],
    [429, { headers: { 'retry-after': '40' } }, 'rate-limited'],
    [500, {}, 'backend-rejected'],
    [503, {}, 'backend-unreachable'],
    [529, {}, 'rate-limited'],
  ])('%i', async (status, reply, code) => {
    const { ask, server } = await setup({ ...reply, status });
    await expect(ask()).rejects.toMatchObject({ code });
    expect(chats(server)).toHaveLength(1);
  });

  it('O13: the page of a proxy, with 502 and with 200', async () => {
    const page = { headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' };
    const bad = await setup({ ...page, status: 502 });
    await expect(bad.ask()).rejects.toMatchObject({ code: 'backend-unreachable' });
    const { ask } = await setup(page);
    const thrown: unknown = await ask().catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'backend-protocol' });
    expect((thrown as Error).message).not.toContain('Gateway');
  });

  it('O14: 429 with Retry-After is waited for when it is short, and told when it is long', async () => {
    const limited = (seconds: string) => ({ status: 429, headers: { 'retry-after': seconds } });
    let asked = 0;
    const { ask } = await setup(() => (++asked === 1 ? limited('0.02') : fine));
    expect(answer(await ask())).toBe('Fine');
    const long = await setup(limited('90'));
    await expect(long.ask()).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterSeconds: 90 },
    });
    await expect(long.ask()).rejects.toMatchObject({ code: 'rate-limited' });
    expect(chats(long.server)).toHaveLength(1);
  });
});

describe('an abort', () => {
  it('reaches the wire within a token', async () => {
    const tokens = Array.from({ length: 200 }, () => [events(chunk({ content: 'x' })), 5]).flat();
    const { backend, server } = await setup(stream(tokens));
    const controller = new AbortController();
    let seen = 0;
    for await (const event of backend.generate({
      kind: 'messages',
      messages: [],
      parameters: {},
      signal: controller.signal,
    })) {
      if (event.type === 'delta' && ++seen === 3) controller.abort();
    }
    expect(seen).toBe(3);
    const request = server.requests.at(-1);
    await request?.ended;
    expect(request?.wasLeft).toBe(true);
    // Pieces are a token and a pause each; the server had written little more than what was read.
    expect(request?.written).toBeLessThan(40);
  });

  it('ends the wait for a server that loads', async () => {
    const { backend } = await setup(json({ error: { message: 'Loading model' } }, 503));
    const controller = new AbortController();
    const read: string[] = [];
    for await (const event of backend.generate({
      kind: 'messages',
      messages: [],
      parameters: {},
      signal: controller.signal,
    })) {
      read.push(event.type);
      controller.abort();
    }
    expect(read).toEqual(['progress']);
  });
});

describe('O16, the list of models', () => {
  it.each<[string, FakeReply, string | undefined, number | undefined]>([
    ['of vLLM', list({ id: 'a', owned_by: 'vllm', max_model_len: 100 }, { id: 'b', parent: 'a' }), 'a', 100],
    [
      'of OpenRouter',
      json({ data: [{ id: 'x/y', context_length: 200, pricing: { prompt: '0' } }] }),
      'x/y',
      200,
    ],
    [
      'of the router',
      json({ data: [{ id: 'o/m', providers: [{ context_length: 300 }, { context_length: 250 }] }] }),
      'o/m',
      250,
    ],
    ['under "models"', json({ models: [{ name: 'n', model: 'n' }] }), 'n', undefined],
    ['that is bare', json([{ id: 'bare', max_context_length: 50 }]), 'bare', 50],
    ['that is null', json({ object: 'list', data: null }), undefined, undefined],
    ['with vectors first', list({ id: 'nomic-embed-text' }, { id: 'chat' }), 'chat', undefined],
    ['that is missing', { status: 404 }, undefined, undefined],
    ['that may not be asked for', { status: 405 }, undefined, undefined],
    ['that is no JSON', { body: 'hello' }, undefined, undefined],
  ])('%s', async (_, models, id, contextLength) => {
    const { ask, backend, server } = await setup(fine, {}, { '/v1/models': models });
    expect(await backend.warmUp()).toEqual({ state: 'ready' });
    expect(backend.facts().contextLength).toBe(contextLength);
    await ask();
    expect(chats(server)[0]?.model).toBe(id);
  });
});

describe('a given start', () => {
  const asked = { messages: [{ role: 'user' as const, content: 'Hi' }], prefix: 'Once upon' };

  it('is the last message where the server goes on from it', async () => {
    const vllm = await setup(saying(chunk({ content: ' a <think>' }, 'stop'), '[DONE]'), { flavour: 'vllm' });
    const read = await vllm.ask(asked);
    expect([answer(read), read.warnings]).toEqual([' a <think>', []]);
    expect(chats(vllm.server)[0]).toMatchObject({
      add_generation_prompt: false,
      continue_final_message: true,
    });
    expect(chats(vllm.server)[0]?.messages?.at(-1)).toEqual({ role: 'assistant', content: 'Once upon' });
    const ollama = await setup(fine, { flavour: 'ollama' });
    await ollama.ask(asked);
    expect(chats(ollama.server)[0]).not.toHaveProperty('continue_final_message');
  });

  it.each([
    ['comes again from some versions of llama.cpp', ['Once upon a time', ', in']],
    ['comes not again from others', [' a time', ', in']],
  ])('%s', async (_, pieces) => {
    const chunks = pieces.map((content) => chunk({ content }));
    const stream = saying(
      chunk({ role: 'assistant', content: null }),
      ...chunks,
      chunk({}, 'length'),
      '[DONE]',
    );
    const { ask, server } = await setup(stream, { flavour: 'llama.cpp' });
    expect(answer(await ask(asked))).toBe(' a time, in');
    expect(chats(server)[0]).toMatchObject({ add_generation_prompt: false, continue_final_message: true });
    expect(answer(await ask({ ...asked, prefix: 'Once upon ' }))).toMatch(/^ ?a time, in$/u);
  });

  it('is asked for in words elsewhere, and not repeated', async () => {
    const { ask, server } = await setup(
      saying(chunk({ content: 'Once' }), chunk({ content: ' upon a time' }, 'stop')),
    );
    const read = await ask(asked);
    expect([answer(read), read.warnings]).toEqual([' a time', ['prefix-asked']]);
    expect(chats(server)[0]?.messages?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    const other = await setup(saying(chunk({ content: 'On' }), chunk({ content: ' a hill' }, 'stop')));
    expect(answer(await other.ask(asked))).toBe('On a hill');
  });

  it('goes without thoughts where a server says that both exclude each other', async () => {
    const message = 'Assistant response prefill is incompatible with enable_thinking.';
    const script: Script = (request) =>
      'chat_template_kwargs' in bodyOf(request) ? fine : json({ error: { message } }, 400);
    const { ask } = await setup(script, { flavour: 'llama.cpp' });
    expect(answer(await ask(asked))).toBe('Fine');
  });
});
