import { afterEach, describe, expect, it } from 'vitest';
import { events, type Script } from '../__fixtures__/fake-server';
import { bodyOf, chunk, json, list, stream } from '../__fixtures__/openai-server';
import { answer, calls, chats, closeAll, saying, setup, thoughts, usage } from '../__fixtures__/openai-setup';

afterEach(closeAll);

describe('O1, TGI', () => {
  const info = { '/info': json({ model_id: 'org/m', max_total_tokens: 4096, max_input_tokens: 4095 }) };
  const tgi = (delta: object, finish: string | null = null) => ({
    ...chunk({ role: 'assistant', ...delta }, finish),
    id: '',
    usage: null,
  });

  it('reads an empty id, the role on each chunk, and cuts the stop sequence that it leaves in the text', async () => {
    const { ask, server } = await setup(
      saying(
        tgi({ content: 'One' }),
        tgi({ content: ' two E' }),
        tgi({ content: 'ND' }, 'stop_sequence'),
        '[DONE]',
      ),
      {},
      info,
    );
    const read = await ask({ parameters: { stop: ['END'], top_p: 1, presence_penalty: 0, temperature: 0 } });
    expect([answer(read), read.finish, read.warnings]).toEqual(['One two ', 'stop', []]);
    expect(chats(server)[0]).not.toHaveProperty('presence_penalty');
    expect(chats(server)[0]).not.toHaveProperty('top_p');
    expect(chats(server)[0]).not.toHaveProperty('model');
    expect(chats(server)[0]).toMatchObject({ stop: ['END'], temperature: 0 });
  });

  it('warns of a presence penalty, which means another thing there', async () => {
    const { ask } = await setup(saying(tgi({ content: 'x' }, 'stop'), '[DONE]'), {}, info);
    expect((await ask({ parameters: { presence_penalty: 0.5 } })).warnings).toEqual(['unknown-parameter']);
  });

  it('throws the error that comes as an object with status 200, whatever its code says', async () => {
    const { ask } = await setup(
      saying({ error: { message: 'Model is overloaded', http_status_code: 422 } }, '[DONE]'),
      {},
      info,
    );
    await expect(ask()).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('keeps a tool call that ends without a finish reason', async () => {
    const call = (name: string | null, input: string) =>
      tgi({ tool_calls: [{ index: 0, id: '0', type: 'function', function: { name, arguments: input } }] });
    const { ask } = await setup(
      saying(call('get_time', '{'), call(null, ' "zone"'), call(null, ': 1}'), '[DONE]'),
      {},
      info,
    );
    const read = await ask();
    expect(calls(read)).toEqual([
      {
        type: 'tool-call',
        choice: 0,
        id: expect.stringMatching(/^call_/u) as unknown,
        name: 'get_time',
        arguments: '{ "zone": 1}',
      },
    ]);
    expect(read.finish).toBe('stop');
  });
});

describe('O2, vLLM', () => {
  const vllm = { '/v1/models': list({ id: 'm', owned_by: 'vllm', max_model_len: 100 }) };

  it('takes absent keys, a stop reason, and usage with every chunk, which is no end', async () => {
    const so = (tokens: number) => ({ usage: { ...usage, completion_tokens: tokens } });
    const { ask } = await setup(
      saying(
        chunk({ role: 'assistant', content: '' }, null, so(0)),
        { choices: [{ index: 0, delta: { content: 'A' } }], ...so(1) },
        {
          choices: [{ index: 0, delta: { content: 'B' }, finish_reason: 'stop', stop_reason: 128009 }],
          ...so(2),
        },
        { choices: [], ...so(2) },
        '[DONE]',
      ),
      {},
      vllm,
    );
    const read = await ask();
    expect([answer(read), read.finish, read.usage]).toEqual([
      'AB',
      'stop',
      { promptTokens: 7, completionTokens: 2 },
    ]);
  });

  it.each([
    ['reasoning', { reasoning: 'Hm' }],
    ['reasoning_content', { reasoning_content: 'Hm' }],
    ['both, which are the same', { reasoning: 'Hm', reasoning_content: 'Hm' }],
  ])('reads thoughts in %s', async (_, delta) => {
    const { ask } = await setup(saying(chunk(delta), chunk({ content: 'Yes' }, 'stop'), '[DONE]'), {}, vllm);
    const read = await ask();
    expect([thoughts(read), answer(read)]).toEqual(['Hm', 'Yes']);
  });

  it('throws an error in the middle, also when [DONE] follows, after what was written', async () => {
    const { backend } = await setup(
      saying(
        chunk({ content: 'Half' }),
        { error: { message: 'x', type: 'InternalServerError', param: null, code: 500 } },
        '[DONE]',
      ),
      {},
      vllm,
    );
    const seen: string[] = [];
    const read = (async () => {
      const request = {
        kind: 'messages' as const,
        messages: [],
        parameters: {},
        signal: new AbortController().signal,
      };
      for await (const event of backend.generate(request)) if (event.type === 'delta') seen.push(event.text);
    })();
    await expect(read).rejects.toMatchObject({ code: 'backend-rejected' });
    expect(seen).toEqual(['Half']);
  });

  it('asks for a shorter answer when only that does not fit', async () => {
    const tooLong =
      "'max_tokens' or 'max_completion_tokens' is too large: 90. This model's maximum context length is 100 tokens and your request has 40 input tokens (90 > 100 - 40).";
    const script: Script = (request) =>
      Number(bodyOf(request).max_tokens) > 60
        ? json({ error: { message: tooLong, code: 400 } }, 400)
        : stream([events(chunk({ content: 'ok' }, 'length'))]);
    const { ask, server } = await setup(script, {}, vllm);
    expect((await ask({ parameters: { max_new_tokens: 90 } })).finish).toBe('length');
    expect(chats(server).map((body) => body.max_tokens)).toEqual([90, 60]);
  });

  it('is told of a prompt that is too long', async () => {
    const message =
      "This model's maximum context length is 100 tokens. However, your request has 140 input tokens.";
    const { ask, server } = await setup(
      json({ object: 'error', message, type: 'BadRequestError', code: 400 }, 400),
      {},
      vllm,
    );
    await expect(ask()).rejects.toMatchObject({
      code: 'context-too-long',
      details: { tokens: 140, limit: 100 },
    });
    expect(chats(server)).toHaveLength(1);
  });
});

describe('O3, llama.cpp', () => {
  const llama = {
    '/v1/models': list({ id: 'm.gguf', owned_by: 'llamacpp', meta: { n_ctx_train: 131_072 } }),
    '/props': json({ default_generation_settings: { n_ctx: 2048 }, modalities: { vision: true } }),
  };

  it('reads content null, several events in one write, and timings', async () => {
    const body = events(
      chunk({ role: 'assistant', content: null }),
      chunk({ content: 'A' }),
      chunk({ content: 'B' }),
      chunk({}, 'stop', { timings: { predicted_n: 2 } }),
      '[DONE]',
    );
    const { ask, backend } = await setup(stream([body]), {}, llama);
    const read = await ask();
    expect([answer(read), read.finish]).toEqual(['AB', 'stop']);
    expect(backend.facts().contextLength).toBe(2048);
    expect(backend.facts().capabilities?.images).toBeDefined();
  });

  it('throws an error that the stream ends with', async () => {
    const { ask } = await setup(
      saying(chunk({ content: 'A' }), { error: { code: 500, message: 'x', type: 'server_error' } }),
      {},
      llama,
    );
    await expect(ask()).rejects.toMatchObject({ code: 'backend-rejected', retryable: true });
    const old = await setup(
      stream([events(chunk({ content: 'A' })), 'error: {"code":500,"message":"x"}\n\n']),
      {},
      llama,
    );
    await expect(old.ask()).rejects.toMatchObject({ code: 'backend-rejected' });
  });

  it('waits while the model is loaded, and says so', async () => {
    const loading = json({ error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 503);
    let asked = 0;
    const script: Script = () =>
      ++asked < 4 ? loading : stream([events(chunk({ content: 'Ready' }, 'stop'), '[DONE]')]);
    const { ask } = await setup(script, {}, llama);
    const read = await ask();
    expect(read.events[0]).toEqual({ type: 'progress', label: 'loading', fraction: 0 });
    expect([answer(read), asked]).toEqual(['Ready', 4]);
  });

  it('gives up waiting after a while', async () => {
    const loading = json({ error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 503);
    const { ask } = await setup(loading, { firstByteTimeoutMs: 100 }, llama);
    await expect(ask()).rejects.toMatchObject({ code: 'model-unavailable', retryable: true });
  });
});

describe('O4, Ollama', () => {
  const ollama = {
    '/v1/models': list({ id: 'llama3:latest', owned_by: 'library' }),
    '/api/version': json({ version: '0.12.0' }),
    '/api/tags': json({ models: [{ name: 'llama3:latest', model: 'llama3:latest' }] }),
    '/api/show': json({ parameters: 'num_ctx 8192', capabilities: ['completion', 'thinking'] }),
  };

  it('reads reasoning in chunks of its own, and a tool call that comes whole', async () => {
    const { ask, backend } = await setup(
      saying(
        chunk({ role: 'assistant', content: '', reasoning: 'Let me' }),
        chunk({ content: '', reasoning: ' see' }),
        chunk({
          content: '',
          tool_calls: [
            { id: 'call_x', index: 0, type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          ],
        }),
        chunk({ content: '' }, 'tool_calls'),
        { choices: [], usage },
        '[DONE]',
      ),
      {},
      ollama,
    );
    const read = await ask();
    expect([thoughts(read), answer(read), read.finish]).toEqual(['Let me see', '', 'stop']);
    expect(calls(read)).toEqual([
      { type: 'tool-call', choice: 0, id: 'call_x', name: 'f', arguments: '{"a":1}' },
    ]);
    expect(backend.facts()).toMatchObject({ contextLength: 8192, capabilities: { reasoning: true } });
  });

  it('notices an answer that broke off: neither a finish reason nor [DONE]', async () => {
    const { ask } = await setup(saying(chunk({ content: 'A' }), chunk({ content: '' })), {}, ollama);
    await expect(ask()).rejects.toMatchObject({ code: 'backend-protocol' });
  });

  it('takes a list of models that is null', async () => {
    const { backend } = await setup(
      saying(),
      {},
      { ...ollama, '/v1/models': json({ object: 'list', data: null }), '/api/tags': json({ models: [] }) },
    );
    expect(await backend.warmUp()).toEqual({ state: 'ready' });
  });
});

describe('O5, OpenRouter', () => {
  const flavour = 'openrouter' as const;

  it('passes over comments, and takes usage that nobody asked for', async () => {
    const pause = ': OPENROUTER PROCESSING\n\n';
    const { ask } = await setup(
      stream([
        pause,
        events(chunk({ content: 'A' })),
        pause,
        events(chunk({ content: '' }, 'stop', { usage })),
        pause,
        events('[DONE]'),
      ]),
      { flavour },
    );
    const read = await ask();
    expect([answer(read), read.usage]).toEqual(['A', { promptTokens: 7, completionTokens: 2 }]);
  });

  it('throws an error with finish reason "error", and one that is a whole reply with status 200', async () => {
    const error = { code: 502, message: 'Provider disconnected' };
    const broken = await setup(
      saying(chunk({ content: 'A' }), { error, ...chunk({ content: '' }, 'error') }),
      { flavour },
    );
    await expect(broken.ask()).rejects.toMatchObject({ code: 'backend-unreachable' });
    const whole = await setup(json({ error: { code: 429, message: 'Slow down' } }), { flavour });
    await expect(whole.ask()).rejects.toMatchObject({ code: 'rate-limited' });
  });
});
