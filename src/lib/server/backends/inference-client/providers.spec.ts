import { afterEach, describe, expect, it } from 'vitest';
import { events, fakeServer, type FakeServer, type Script } from '../__fixtures__/fake-server';
import { bodyOf, chunk, json, stream } from '../__fixtures__/openai-server';
import type { GenerateInput } from '../backend';
import { collect } from '../conformance';
import { createTransport } from '../http/http-transport';
import type { HttpReply, HttpRequest } from '../http/transport';
import { InferenceClientBackend } from '../inference-client.backend';
import type { InferenceClientConfig } from './config';

const chat = { kind: 'messages', messages: [{ role: 'user', content: 'Hi' }] } satisfies GenerateInput;
const good = stream([events(chunk({ content: 'Yes.' }, 'stop'), '[DONE]')]);
const token = 'hf_a-token-that-nobody-may-see';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A backend whose requests, to whichever host, come to one fake server, with the host as the beginning of the path. */
async function setUp(
  script: Script | Record<string, Script>,
  more: Partial<InferenceClientConfig>,
): Promise<[InferenceClientBackend, FakeServer]> {
  const server = await fakeServer(script);
  const config = { type: 'inference-client' as const, apiKey: token, ...more };
  const backend = new InferenceClientBackend(config, undefined, ({ url, ...rest }, context) =>
    createTransport({ ...rest, url: `${server.url}/${new URL(url).host}` }, context),
  );
  open.push(server, backend);
  return [backend, server];
}

const ask = (backend: InferenceClientBackend, input: GenerateInput = chat) =>
  collect(backend.generate({ ...input, parameters: {}, signal: new AbortController().signal }));

const providers = (model: string, mapping: object) => ({
  [`/huggingface.co/api/models/${model}`]: json({ id: model, inferenceProviderMapping: mapping }),
});

describe('a model of a provider', () => {
  it('is asked for at the router, which chooses who runs it', async () => {
    const [backend, server] = await setUp(good, {
      model: 'org/m',
      billTo: 'my-org',
      headers: { 'x-team': 'a' },
    });
    expect((await ask(backend)).text).toBe('Yes.');
    expect(server.requests.map(({ path }) => path)).toEqual(['/router.huggingface.co/v1/chat/completions']);
    expect(bodyOf(server.requests[0]).model).toBe('org/m');
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'x-hf-bill-to': 'my-org',
      'x-team': 'a',
    });
  });

  it('is looked up at the Hub where a provider is named, without what an operator adds, and asked for by its name there', async () => {
    const script = {
      ...providers('org/named', {
        together: { status: 'live', providerId: 'their/name', task: 'conversational' },
      }),
      '/router.huggingface.co/together/v1/chat/completions': good,
    };
    const config = {
      model: 'org/named',
      provider: 'together',
      headers: { 'x-team': 'a' },
      query: { k: 'v' },
    };
    const [backend, server] = await setUp(script, config);
    expect((await ask(backend)).text).toBe('Yes.');
    const [lookUp, asked] = server.requests;
    expect(lookUp?.path).toBe('/huggingface.co/api/models/org/named?expand%5B%5D=inferenceProviderMapping');
    expect(lookUp?.headers['x-team']).toBeUndefined();
    expect(bodyOf(asked).model).toBe('their/name');
    expect(asked?.path).toContain('?k=v');
  });

  it('is asked for at the provider itself with a key of theirs, which the Hub does not hear', async () => {
    const script = {
      ...providers('org/own', {
        together: { status: 'live', providerId: 'their/own', task: 'conversational' },
      }),
      '/api.together.xyz/v1/chat/completions': good,
    };
    const [backend, server] = await setUp(script, {
      model: 'org/own',
      provider: 'together',
      apiKey: 'their-key',
    });
    expect((await ask(backend)).text).toBe('Yes.');
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer their-key',
    ]);
  });

  it('translates at hf-inference', async () => {
    const script = {
      ...providers('org/mt', {
        'hf-inference': { status: 'live', providerId: 'org/mt', task: 'translation' },
      }),
      '/router.huggingface.co/hf-inference/models/org/mt': json([{ translation_text: 'Ja.' }]),
    };
    const [backend] = await setUp(script, { model: 'org/mt', provider: 'hf-inference', task: 'translation' });
    expect((await ask(backend, { kind: 'text2text', text: 'Yes.' })).text).toBe('Ja.');
  });
});

describe('what the client refuses before it asks', () => {
  const mapping = { together: { status: 'live', providerId: 'x', task: 'conversational' } };

  it.each<[string, Record<string, Script>, Partial<InferenceClientConfig>, string, RegExp]>([
    [
      'a key of somebody else for the router',
      {},
      { model: 'org/a', apiKey: 'their-key' },
      'backend-rejected',
      /token of Hugging Face.*name the provider/u,
    ],
    [
      'a provider that nobody knows',
      providers('org/b', mapping),
      { model: 'org/b', provider: 'nobody' },
      'backend-rejected',
      /provider is not known/u,
    ],
    [
      'a provider without the model',
      providers('org/c', mapping),
      { model: 'org/c', provider: 'novita' },
      'backend-rejected',
      /does not offer this model/u,
    ],
    [
      'another task',
      providers('org/d', mapping),
      { model: 'org/d', provider: 'together', task: 'text-generation' },
      'backend-rejected',
      /for this task/u,
    ],
    [
      'a token where a key is wanted',
      {},
      { model: 'openai/gpt', provider: 'openai' },
      'backend-rejected',
      /its own keys/u,
    ],
    [
      'a model that is not there',
      {},
      { model: 'org/e', provider: 'together' },
      'model-unavailable',
      /does not know this model/u,
    ],
    [
      'a model that nobody runs',
      providers('org/f', {}),
      { model: 'org/f', provider: 'together' },
      'model-unavailable',
      /No provider/u,
    ],
  ])('%s is told with what to do', async (_, script, config, code, says) => {
    const [backend] = await setUp({ '/none': {}, ...script }, config);
    const input = config.task ? ({ kind: 'prompt', prompt: 'x' } as const) : chat;
    const fault: unknown = await ask(backend, input).catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ code, message: expect.stringMatching(says) as unknown });
    expect(JSON.stringify([fault, String((fault as Error).cause)])).not.toMatch(/hf_a-token|their-key/u);
  });
});

it('is unavailable without a token, and says where it goes', () => {
  const backend = new InferenceClientBackend({ type: 'inference-client', model: 'org/m' });
  open.push(backend);
  expect(backend.state()).toMatchObject({
    state: 'unavailable',
    remedy: expect.stringContaining('HF_TOKEN') as unknown,
  });
});

it("asks an endpoint of one's own and nobody else", async () => {
  const asked: string[] = [];
  const config = {
    type: 'inference-client' as const,
    url: 'http://127.0.0.1:9/v1',
    model: 'org/m',
    apiKey: token,
  };
  const backend = new InferenceClientBackend(config, undefined, ({ url }) => ({
    send: (request: HttpRequest): Promise<HttpReply> => {
      asked.push(`${url}${request.path}`);
      return Promise.reject(new Error('not here'));
    },
    redact: (text) => text,
    close: () => Promise.resolve(),
  }));
  await expect(ask(backend)).rejects.toMatchObject({ code: 'backend-protocol' });
  expect(asked).toEqual(['http://127.0.0.1:9/v1/chat/completions']);
});
