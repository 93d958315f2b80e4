import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeServer, type FakeServer, type Script } from './__fixtures__/fake-server';
import { bodyOf, json, list, stream, wellBehaved } from './__fixtures__/openai-server';
import { collect, describeBackend } from './conformance';
import { openaiBackend } from './openai.backend';

const model: { says?: string | undefined } = {};
const says = (text: string | undefined) => {
  model.says = text;
  return {};
};
let server: FakeServer;
beforeAll(async () => {
  server = await wellBehaved(model);
});
afterAll(() => server.close());

const create = (more: object = {}) => openaiBackend.create({ type: 'openai', url: server.url, ...more });

describeBackend('openai, messages', {
  create,
  input: { kind: 'messages', messages: [{ role: 'user', content: 'Go on' }] },
  parameters: {},
  unknown: { typical_p: 0.5 },
  says,
});

describeBackend('openai, plain text', {
  create,
  input: { kind: 'prompt', prompt: 'Go on' },
  parameters: {},
  unknown: { no_repeat_ngram_size: 3 },
  says,
});

describe('openai backend', () => {
  it('learns at warm-up who speaks, how much it reads, and what it can', async () => {
    const backend = create();
    expect(backend.state()).toEqual({ state: 'loading' });
    expect(backend.accepts).toEqual(['messages']);
    expect(backend.supportedParameters).not.toContain('top_k');
    expect(await backend.warmUp()).toEqual({ state: 'ready' });
    expect(backend.facts?.()).toMatchObject({ contextLength: 8192, capabilities: { completion: true } });
    expect(backend.facts?.()).toBe(backend.facts?.());
    expect(backend.accepts).toEqual(['messages', 'prompt']);
    expect(backend.supportedParameters).toContain('top_k');
    expect(backend.writesChoices).toBe(true);
    const asked = server.requests.length;
    await backend.warmUp();
    expect(server.requests).toHaveLength(asked);
    expect(await backend.countTokens?.('twelve chars')).toBe(12);
    await backend.close();
  });

  it('is unavailable while the server is down, says what to do, and finds it when it is back', async () => {
    const gone = await fakeServer();
    await gone.close();
    const backend = openaiBackend.create({ type: 'openai', url: gone.url });
    expect(await backend.warmUp()).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('Nothing answers') as unknown,
      remedy: expect.stringContaining('Start the server') as unknown,
    });
    expect(await backend.countTokens?.('text')).toBeUndefined();
    const request = {
      kind: 'prompt',
      prompt: 'x',
      parameters: {},
      signal: new AbortController().signal,
    } as const;
    await expect(collect(backend.generate(request))).rejects.toMatchObject({ code: 'backend-unreachable' });
    await backend.close();

    let isUp = false;
    const slow = await fakeServer((seen) => {
      if (!isUp) return { status: 502, body: '<html>Bad Gateway</html>' };
      return seen.path.endsWith('/models') ? list({ id: 'm' }) : stream('');
    });
    const again = openaiBackend.create({ type: 'openai', url: slow.url });
    expect((await again.warmUp()).state).toBe('unavailable');
    isUp = true;
    expect((await again.warmUp()).state).toBe('ready');
    await again.close();
    await slow.close();
  });

  it('says that the key was refused', async () => {
    const closed = await fakeServer({ '/v1/models': { status: 401 } });
    const backend = openaiBackend.create({ type: 'openai', url: closed.url, apiKey: 'wrong-key' });
    expect(await backend.warmUp()).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('key was refused') as unknown,
      remedy: expect.stringContaining('apiKey') as unknown,
    });
    await backend.close();
    await closed.close();
  });

  it('finds the API below the address of the server, and above one of its places', async () => {
    for (const url of [
      server.url,
      `${server.url}/`,
      `${server.url}/v1/`,
      `${server.url}/v1/chat/completions`,
    ]) {
      const backend = create({ url });
      expect(await backend.warmUp()).toEqual({ state: 'ready' });
      await backend.close();
    }
    expect(
      new Set(server.requests.filter(({ path }) => /models$/u.test(path)).map(({ path }) => path)),
    ).toEqual(new Set(['/v1/models', '/api/v0/models']));
  });

  it('sends extra fields, headers and query, over its own', async () => {
    const backend = create({
      model: 'other',
      headers: { 'x-team': 'a' },
      query: { 'api-version': '1' },
      body: { service_tier: 'flex', temperature: 0.1 },
    });
    const request = { kind: 'prompt', prompt: 'x', parameters: { temperature: 2 } } as const;
    await collect(backend.generate({ ...request, signal: new AbortController().signal }));
    const last = server.requests.at(-1);
    expect(last?.path).toBe('/v1/completions?api-version=1');
    expect(last?.headers['x-team']).toBe('a');
    expect(bodyOf(last)).toMatchObject({ model: 'other', service_tier: 'flex', temperature: 0.1 });
    await backend.close();
  });

  it('is asked in the ways that the entry says', async () => {
    const backend = create({ flavour: 'openai', model: 'base', accepts: ['prompt'] });
    expect(backend.accepts).toEqual(['prompt']);
    await backend.warmUp();
    expect(backend.facts?.().capabilities?.completion).toBe(true);
    await backend.close();
  });

  it('counts nothing where nobody counts, and asks once only', async () => {
    const plain = await fakeServer({
      '/v1/models': list({ id: 'm', owned_by: 'vllm' }),
      '/tokenize': json({}, 404),
    });
    const backend = openaiBackend.create({ type: 'openai', url: plain.url });
    expect(await backend.countTokens?.('a')).toBeUndefined();
    expect(await backend.countTokens?.('b')).toBeUndefined();
    expect(plain.requests.filter(({ path }) => path === '/tokenize')).toHaveLength(1);
    await backend.close();
    await plain.close();
  });

  it('counts again when another server is found at the address that had nobody to count', async () => {
    const plain = list({ id: 'm', owned_by: 'somebody' });
    const changing = await fakeServer({ '/v1/models': plain, '/v1/chat/completions': { body: ['cut'] } });
    const backend = openaiBackend.create({ type: 'openai', url: changing.url });
    expect(await backend.countTokens?.('a')).toBeUndefined();
    const messages = [{ role: 'user' as const, content: 'x' }];
    const request = { kind: 'messages', messages, parameters: {} } as const;
    await expect(
      collect(backend.generate({ ...request, signal: new AbortController().signal })),
    ).rejects.toMatchObject({ code: 'backend-unreachable' });
    changing.reply({
      '/v1/models': list({ id: 'm', owned_by: 'vllm' }),
      '/tokenize': json({ count: 3, tokens: [1, 2, 3] }),
    });
    await backend.warmUp();
    expect(await backend.countTokens?.('a')).toBe(3);
    await backend.close();
    await changing.close();
  });

  it('counts again when a server was only busy, and nothing without asking', async () => {
    const count: Script = (_request, index) =>
      index % 2 === 0 ? json({ error: 'busy' }, 500) : json({ count: 3, tokens: [1, 2, 3] });
    let asked = 0;
    const busy = await fakeServer({
      '/v1/models': list({ id: 'm', owned_by: 'vllm' }),
      '/tokenize': (request) => count(request, asked++),
    });
    const backend = openaiBackend.create({ type: 'openai', url: busy.url });
    expect(await backend.countTokens?.('')).toBe(0);
    expect(asked).toBe(0);
    expect(await backend.countTokens?.('a')).toBeUndefined();
    expect(await backend.countTokens?.('a')).toBe(3);
    await backend.close();
    await busy.close();
  });
});
