import { afterEach, describe, expect, it } from 'vitest';
import {
  events,
  fakeServer,
  type FakeReply,
  type FakeServer,
  type Script,
} from '../__fixtures__/fake-server';
import { bodyOf, chunk, json, stream } from '../__fixtures__/openai-server';
import type { GenerateInput } from '../backend';
import { collect } from '../conformance';
import { InferenceClientBackend } from '../inference-client.backend';
import type { InferenceClientConfig } from './config';

const token = 'a-word-that-nobody-may-see';
const chat = { kind: 'messages', messages: [{ role: 'user', content: 'Hi' }] } satisfies GenerateInput;
const live = new AbortController().signal;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(
  script: Script,
  more: Partial<InferenceClientConfig> = {},
): Promise<[InferenceClientBackend, FakeServer]> {
  const server = await fakeServer(script);
  const config = {
    type: 'inference-client' as const,
    url: server.url,
    model: 'org/m',
    apiKey: token,
    ...more,
  };
  const backend = new InferenceClientBackend(config, undefined, undefined, {
    graceMs: 60,
    pauseMs: 20,
    loadingMs: 2000,
  });
  open.push(server, backend);
  return [backend, server];
}

const ask = (backend: InferenceClientBackend, input: GenerateInput = chat, parameters = {}) =>
  collect(backend.generate({ ...input, parameters, signal: live }));
const two = [chunk({ content: 'Good ' }), chunk({ content: 'day' }), chunk({}, 'stop')];

describe('leaving', () => {
  const endless: Script = stream([events(chunk({ content: 'a' })), 'hold']);

  it('early lets the server know, though the client only lets go of its reader', async () => {
    const [backend, server] = await setUp(endless);
    for await (const event of backend.generate({ ...chat, parameters: {}, signal: live }))
      if (event.type === 'delta') break;
    await server.requests[0]?.ended;
    expect(server.requests[0]?.wasLeft).toBe(true);
  });

  it('by an abort while the answer is written reaches the wire', async () => {
    const [backend, server] = await setUp(endless);
    const controller = new AbortController();
    const kinds: string[] = [];
    for await (const { type } of backend.generate({ ...chat, parameters: {}, signal: controller.signal })) {
      kinds.push(type);
      // In a turn of its own, while the next piece is waited for.
      setTimeout(() => controller.abort(), 10);
    }
    expect(kinds).toEqual(['delta']);
    await server.requests[0]?.ended;
    expect(server.requests[0]?.wasLeft).toBe(true);
  });

  it('by an abort before the first byte reaches the wire', async () => {
    const controller = new AbortController();
    const [backend, server] = await setUp(() => {
      controller.abort();
      return { delayMs: 2000 };
    });
    const { events: read } = await collect(
      backend.generate({ ...chat, parameters: {}, signal: controller.signal }),
    );
    expect(read).toEqual([]);
    await server.requests[0]?.ended;
    expect(server.requests[0]?.wasLeft).toBe(true);
  });

  it('at a stop sequence lets the server know too', async () => {
    const [backend, server] = await setUp(stream([events(chunk({ content: 'a. b' })), 'hold']));
    expect(await ask(backend, chat, { stop: ['. '] })).toMatchObject({ text: 'a', finish: 'stop' });
    await server.requests[0]?.ended;
    expect(server.requests[0]?.wasLeft).toBe(true);
  });
});

describe('a stream that the client alone would not read', () => {
  it.each<[string, FakeReply['body']]>([
    ['`[DONE] ` with a space after it', [events(...two), 'data: [DONE] \n\n']],
    ['`error: null` in every object', [events(...two.map((one) => ({ ...one, error: null })), '[DONE]')]],
    ['a last event without a blank line', [events(...two).trimEnd()]],
    ['no `[DONE]`', [events(...two)]],
    ['no `[DONE]` and an open connection', [events(...two), 'hold']],
    ['text after `[DONE]`', [events(...two, '[DONE]'), 'nonsense\n\ndata: {"a"\n\n']],
    ['text after the end', [events(...two), 'data: bye\n\n']],
    ['CRLF, byte by byte', [{ bytewise: events(...two, '[DONE]').replaceAll('\n', '\r\n') }]],
    ['comments between', [`: ping\n\n${events(two[0])}`, `: ping\n\n${events(two[1], two[2], '[DONE]')}`]],
  ])('is read with %s', async (_, body) => {
    const [backend] = await setUp(stream(body));
    expect(await ask(backend)).toMatchObject({ text: 'Good day', finish: 'stop' });
  });

  it('is read when it is no stream', async () => {
    const message = { role: 'assistant', content: 'Good day' };
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    const [backend] = await setUp(json({ choices: [{ index: 0, message, finish_reason: 'length' }], usage }));
    expect(await ask(backend)).toMatchObject({
      text: 'Good day',
      finish: 'length',
      usage: { promptTokens: 3, completionTokens: 2 },
    });
  });

  it('tells reasoning from text, and the usage', async () => {
    const pieces = [chunk({ reasoning_content: 'Hm. ' }), chunk({ content: '狐 🦊' }), chunk({}, 'stop')];
    const usage = { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } };
    const [backend] = await setUp(
      stream([{ bytewise: events(...pieces, { choices: [], usage }, '[DONE]') }]),
    );
    const { events: read, usage: told } = await ask(backend);
    expect(read.flatMap((event) => (event.type === 'delta' ? [[event.kind, event.text]] : []))).toEqual([
      ['reasoning', 'Hm. '],
      ['text', '狐 🦊'],
    ]);
    expect(told).toEqual({ promptTokens: 3, completionTokens: 2, cachedTokens: 1 });
  });

  it('continues a text by token events of TGI, without special tokens', async () => {
    const event = (text: string, special = false, more: object = {}) => ({
      token: { id: 1, text, logprob: -1, special },
      generated_text: null,
      details: null,
      ...more,
    });
    const details = { finish_reason: 'eos_token', generated_tokens: 3, input_length: 7 };
    const last = event('</s>', true, { generated_text: ' The sky', details });
    const [backend] = await setUp(stream([events(event(' The'), event(' sky'), last)]), {
      task: 'text-generation',
    });
    expect(await ask(backend, { kind: 'prompt', prompt: 'x' })).toMatchObject({
      text: ' The sky',
      finish: 'stop',
      usage: { promptTokens: 7, completionTokens: 3 },
    });
  });
});

describe('faults', () => {
  it('503 is asked once, and not in a loop without end', async () => {
    const [backend, server] = await setUp(json({ error: 'Service unavailable' }, 503));
    await expect(ask(backend)).rejects.toMatchObject({ code: 'backend-unreachable' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, FakeReply, string, RegExp]>([
    [
      'an unknown model',
      json({ error: { message: 'The model `x` does not exist' } }, 404),
      'model-unavailable',
      /does not have this model/u,
    ],
    ['a refused key', json({ error: `Invalid token ${token}` }, 401), 'backend-rejected', /key was refused/u],
    [
      'too many requests',
      json({ error: 'slow' }, 429, { 'retry-after': '30' }),
      'rate-limited',
      /for a while/u,
    ],
    [
      'a proxy',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' },
      'backend-unreachable',
      /cannot answer/u,
    ],
    [
      'a web page',
      { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' },
      'backend-protocol',
      /URL/u,
    ],
    [
      'a fault at the beginning of a stream',
      stream([events({ error: 'Model is overloaded', error_type: 'overloaded' })]),
      'rate-limited',
      /too much to do/u,
    ],
    [
      'a fault after some text',
      stream([events(two[0], { error: { message: `no ${token}` } })]),
      'backend-rejected',
      /failed/u,
    ],
    [
      'a fault in JSON with status 200',
      json({ error: { message: 'Too many requests', code: 429 } }),
      'rate-limited',
      /for a while/u,
    ],
    ['an end in the middle', stream([events(two[0])]), 'backend-protocol', /without saying so/u],
    ['a broken connection', stream([events(two[0]), 'cut']), 'backend-unreachable', /broke off/u],
    ['nonsense', stream(['data: {"a"\n\n']), 'backend-protocol', /cannot be read/u],
    [
      'a prompt that is too long',
      json({ error: '`inputs` must have less than 4096 tokens. Given: 5000', error_type: 'validation' }, 422),
      'context-too-long',
      /longer/u,
    ],
  ])('%s is told in words, without the key', async (_, reply, code, says) => {
    const [backend] = await setUp(reply);
    const fault: unknown = await ask(backend).catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ code, message: expect.stringMatching(says) as unknown });
    expect(JSON.stringify([fault, String((fault as Error).cause)])).not.toContain(token);
  });

  it('a model that is being loaded is waited for, with pauses, and the person is told', async () => {
    const loading = json({ error: 'Model org/m is currently loading', estimated_time: 20 }, 503);
    const [backend, server] = await setUp((_, index) => (index < 2 ? loading : stream([events(...two)])));
    const startedMs = performance.now();
    const { text, events: read } = await ask(backend);
    expect(performance.now() - startedMs).toBeGreaterThan(38);
    expect(text).toBe('Good day');
    expect(read.filter(({ type }) => type === 'progress')).toHaveLength(1);
    expect(server.requests).toHaveLength(3);
  });

  it('a Retry-After is kept', async () => {
    const [backend] = await setUp(json({ error: 'slow' }, 429, { 'retry-after': '30' }));
    await expect(ask(backend)).rejects.toMatchObject({ details: { status: 429, retryAfterSeconds: 30 } });
  });

  it('a parameter that the server refuses is left out, with a warning', async () => {
    const [backend, server] = await setUp((request) =>
      'seed' in bodyOf(request)
        ? json({ error: { message: "Unsupported parameter: 'seed'", param: 'seed' } }, 400)
        : stream([events(...two, '[DONE]')]),
    );
    const { text, warnings } = await ask(backend, chat, { seed: 7 });
    expect([text, warnings]).toEqual(['Good day', ['unknown-parameter']]);
    expect(server.requests).toHaveLength(2);
  });
});
