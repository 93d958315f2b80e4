import { afterEach, describe, expect, it } from 'vitest';
import { events, fakeServer, type FakeServer, type Script } from '../__fixtures__/fake-server';
import { bodyOf, chunk, json, stream } from '../__fixtures__/openai-server';
import type { GenerateInput } from '../backend';
import { collect } from '../conformance';
import { inferenceClientBackend } from '../inference-client.backend';
import type { Backend } from '../backend';
import type { InferenceClientConfig } from './config';

const chat = { kind: 'messages', messages: [{ role: 'user', content: 'Hi' }] } satisfies GenerateInput;
const live = new AbortController().signal;
const good = stream([events(chunk({ content: 'Yes.' }, 'stop'), '[DONE]')]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(
  script: Script = good,
  more: Partial<InferenceClientConfig> = {},
  path = '',
): Promise<[Backend, FakeServer]> {
  const server = await fakeServer(script);
  const url = `${server.url}${path}`;
  const backend = inferenceClientBackend.create({ type: 'inference-client', url, model: 'org/m', ...more });
  open.push(server, backend);
  return [backend, server];
}

const ask = (backend: Backend, input: GenerateInput, parameters = {}, more = {}) =>
  collect(backend.generate({ ...input, ...more, parameters, signal: live }));

describe('a request to an endpoint', () => {
  it('carries the token of Hugging Face, who pays, and our name', async () => {
    const [backend, server] = await setUp(good, {
      apiKey: 'hf_secret',
      billTo: 'my-org',
      headers: { 'X-Team': 'a' },
    });
    await ask(backend, chat);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer hf_secret',
      'x-hf-bill-to': 'my-org',
      'x-team': 'a',
      'user-agent': 'parlance',
    });
  });

  it('gives a key to the endpoint alone that it is for', async () => {
    const other = await fakeServer(good);
    open.push(other);
    const [backend] = await setUp(
      { status: 502 },
      { apiKey: 'hf_secret', endpoints: [{ url: other.url, weight: 0.001 }] },
    );
    for (let turn = 0; other.requests.length === 0 && turn < 20; turn += 1)
      await ask(backend, chat).catch(() => undefined);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    expect(other.requests[0]?.path).toBe('/v1/chat/completions');
  });

  it.each([
    ['chat', '', '/v1/chat/completions'],
    ['chat', '/v1/', '/v1/chat/completions'],
    ['chat', '/x/v1/chat/completions', '/x/v1/chat/completions'],
    ['chat', '/deployment?version=1', '/deployment/v1/chat/completions?version=1'],
    ['text-generation', '/', '/v1/completions'],
    ['text-generation', '/v1', '/v1/completions'],
  ] as const)('for %s goes from %j to %j', async (task, path, expected) => {
    const [backend, server] = await setUp(good, { task }, path);
    await ask(backend, task === 'chat' ? chat : { kind: 'prompt', prompt: 'Hi' });
    expect(server.requests.map((request) => request.path)).toEqual([expected]);
  });

  it('names the model, never the address in its place', async () => {
    const [backend, server] = await setUp();
    await ask(backend, chat);
    expect(bodyOf(server.requests[0])).toMatchObject({ model: 'org/m', stream: true });
  });

  it('says what is set, and nothing that is off', async () => {
    const [backend, server] = await setUp();
    const { warnings } = await ask(backend, chat, {
      max_new_tokens: 50,
      temperature: 0.5,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0.5,
      stop: ['END'],
      seed: 3,
      typical_p: 0.5,
    });
    const { messages, ...body } = bodyOf(server.requests[0]);
    expect(messages).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(body).toEqual({
      model: 'org/m',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 50,
      temperature: 0.5,
      frequency_penalty: 0.5,
      stop: ['END'],
      seed: 3,
    });
    expect(warnings).toEqual(['unknown-parameter']);
  });

  it('for text generation uses the names of TGI', async () => {
    const [backend, server] = await setUp(good, { task: 'text-generation' });
    const parameters = { max_new_tokens: 9, top_k: 4, typical_p: 0.9, repetition_penalty: 1.1 };
    await ask(backend, { kind: 'prompt', prompt: 'Once' }, parameters);
    expect(bodyOf(server.requests[0])).toEqual({
      model: 'org/m',
      prompt: 'Once',
      max_tokens: 9,
      top_k: 4,
      typical_p: 0.9,
      repetition_penalty: 1.1,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('carries images as data', async () => {
    const [backend, server] = await setUp();
    const images = [{ fileId: 'f', mime: 'image/png' }];
    const messages = [{ role: 'user' as const, content: 'What is it?', images }];
    const readFile = (id: string) => Promise.resolve(new TextEncoder().encode(`bytes of ${id}`));
    await ask(backend, { kind: 'messages', messages }, {}, { readFile });
    const url = `data:image/png;base64,${Buffer.from('bytes of f').toString('base64')}`;
    expect(bodyOf(server.requests[0]).messages?.[0]?.content).toEqual([
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: 'What is it?' },
    ]);
  });
});

describe('text to text', () => {
  const parameters = { max_new_tokens: 60 };

  it('translates from the language to the language of the task', async () => {
    const [backend, server] = await setUp(
      json([{ translation_text: 'Bonjour' }]),
      { task: 'translation' },
      '/pipe',
    );
    const asked = { kind: 'text2text', text: 'Hello', task: 'eng_Latn>fra_Latn' } as const;
    expect(await ask(backend, asked, parameters)).toMatchObject({ text: 'Bonjour', finish: 'stop' });
    expect(server.requests[0]?.path).toBe('/pipe');
    expect(server.requests[0]?.body).toEqual({
      inputs: 'Hello',
      parameters: { src_lang: 'eng_Latn', tgt_lang: 'fra_Latn', generate_parameters: parameters },
    });
  });

  it('sums up, and cuts at a stop sequence', async () => {
    const [backend, server] = await setUp(json({ summary_text: 'Short. And more.' }), {
      task: 'summarization',
    });
    const { text, events: read } = await ask(
      backend,
      { kind: 'text2text', text: 'Long' },
      { stop: [' And'] },
    );
    expect(text).toBe('Short.');
    expect(read.map(({ type }) => type)).toEqual(['delta', 'finish']);
    expect(server.requests[0]?.body).toEqual({ inputs: 'Long' });
  });

  it('warns once of a parameter that such a task does not know', async () => {
    const [backend] = await setUp(json([{ summary_text: 'Short.' }]), { task: 'summarization' });
    const { warnings } = await ask(backend, { kind: 'text2text', text: 'Long' }, { top_k: 3 });
    expect(warnings).toEqual(['unknown-parameter']);
  });

  it.each([[[]], [{}], [[{ generated_text: 'x' }]]])('says that %j is no answer', async (reply) => {
    for (const task of ['translation', 'summarization'] as const) {
      const [backend] = await setUp(json(reply), { task });
      const asked = ask(backend, { kind: 'text2text', text: 'x' });
      await expect(asked).rejects.toMatchObject({ code: 'backend-protocol' });
    }
  });

  it('lets the server know when nobody waits for it any more', async () => {
    const controller = new AbortController();
    const leave: Script = () => {
      controller.abort();
      return { delayMs: 2000 };
    };
    const [backend, server] = await setUp(leave, { task: 'summarization' });
    const { signal } = controller;
    await collect(backend.generate({ kind: 'text2text', text: 'x', parameters: {}, signal }));
    await server.requests[0]?.ended;
    expect(server.requests[0]?.wasLeft).toBe(true);
  });
});

describe('readiness', () => {
  it.each([
    ['there', { '/v1/models': json({ data: [] }) }, { state: 'ready' }],
    ['there, though it knows the one address only', {}, { state: 'ready' }],
    ['coming up', { '/v1/models': { status: 503 } }, { state: 'loading' }],
    [
      'not well',
      { '/v1/models': { status: 502 } },
      { state: 'unavailable', remedy: expect.stringContaining('url') as unknown },
    ],
    [
      'closed to this key',
      { '/v1/models': { status: 401 } },
      { state: 'unavailable', remedy: expect.stringContaining('apiKey') as unknown },
    ],
  ])('is known of an endpoint that is %s', async (_, script, state) => {
    const server = await fakeServer({ '/none': {}, ...script });
    const backend = inferenceClientBackend.create({ type: 'inference-client', url: server.url, model: 'm' });
    open.push(server, backend);
    expect(await backend.warmUp()).toMatchObject(state);
    expect(backend.state()).toMatchObject(state);
  });

  it('is lost with the endpoint, and comes back with an answer', async () => {
    const [backend, server] = await setUp({ status: 502 });
    await expect(ask(backend, chat)).rejects.toMatchObject({ code: 'backend-unreachable' });
    expect(backend.state().state).toBe('unavailable');
    server.reply(good);
    await ask(backend, chat);
    expect(backend.state()).toEqual({ state: 'ready' });
  });
});
