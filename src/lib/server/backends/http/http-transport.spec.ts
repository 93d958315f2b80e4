import { afterEach, describe, expect, it } from 'vitest';
import { fakeServer, type FakeServer, type Script } from '../__fixtures__/fake-server';
import { createTransport, type TransportTiming } from './http-transport';
import type { ServerConfig } from './endpoint-config';
import type { HttpRequest, Transport } from './transport';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function server(script: Script | Record<string, Script> = { body: 'fine' }): Promise<FakeServer> {
  const started = await fakeServer(script);
  open.push(started);
  return started;
}

function transport(
  config: ServerConfig,
  timing: Partial<TransportTiming> = {},
  notes: unknown[] = [],
): Transport {
  const made = createTransport(config, { note: (...note) => notes.push(note) }, timing);
  open.push(made);
  return made;
}

const live = new AbortController().signal;
const get = (path = '/x', more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  path,
  signal: live,
  ...more,
});
const textOf = async (made: Transport, request = get()) => (await made.send(request)).text();
/** An address where nothing listens. */
async function nowhere(): Promise<string> {
  const gone = await fakeServer();
  await gone.close();
  return gone.url;
}

describe('a request', () => {
  it('has the key, headers and query of the configuration, and goes below its address or above it', async () => {
    const { url, requests } = await server();
    const made = transport({
      url: `${url}/v1/?a=1`,
      apiKey: 'secret-key',
      headers: { 'X-Team': 't' },
      query: { b: '2 3' },
    });
    await textOf(
      made,
      get('/models?c=4', { method: 'POST', body: { é: 1 }, headers: { accept: 'text/plain' } }),
    );
    await textOf(made, get('/../tokenize'));
    expect(requests.map(({ path }) => path)).toEqual(['/v1/models?a=1&c=4&b=2+3', '/tokenize?a=1&b=2+3']);
    expect(requests[0]).toMatchObject({ method: 'POST', body: { é: 1 } });
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-key',
      'x-team': 't',
      accept: 'text/plain',
      'content-type': 'application/json',
    });
  });

  it('follows no redirect, and any status is a reply', async () => {
    const { url, requests } = await server({ status: 302, headers: { location: '/other' } });
    expect((await transport({ url }).send(get())).status).toBe(302);
    expect(requests).toHaveLength(1);
  });

  it('uses its connection again', async () => {
    const ports = new Set<unknown>();
    const { url } = await server();
    const made = transport({ url });
    for (let time = 0; time < 3; time += 1) {
      const reply = await made.send(get());
      ports.add(reply.headers.connection);
      await reply.text();
    }
    expect(ports).toEqual(new Set(['keep-alive']));
  });

  it('reaches the wire when it is aborted: before the headers, and in the middle of the body', async () => {
    const { url, requests } = await server({ '/early': { delayMs: 5000 }, '/late': { body: ['a', 'hold'] } });
    const made = transport({ url });
    const early = new AbortController();
    const pending = made.send(get('/early', { signal: early.signal }));
    setTimeout(() => early.abort(), 30);
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    const late = new AbortController();
    const reply = await made.send(get('/late', { signal: late.signal }));
    const read = (async () => {
      for await (const chunk of reply.chunks()) if (chunk.length > 0) late.abort();
    })();
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
    await Promise.all(requests.map(({ ended }) => ended));
    expect(requests.map(({ wasLeft }) => wasLeft)).toEqual([true, true]);
  });

  it('lets go of the socket when the reader leaves, and when the reply is closed, twice too', async () => {
    const { url, requests } = await server({ body: ['a', 'hold'] });
    const made = transport({ url });
    for await (const chunk of (await made.send(get())).chunks()) if (chunk.length > 0) break;
    const reply = await made.send(get());
    reply.close();
    reply.close();
    await Promise.all(requests.map(({ ended }) => ended));
    expect(requests.map(({ wasLeft }) => wasLeft)).toEqual([true, true]);
  });

  it('ends when the answer does not begin, or falls silent; comments are not silence', async () => {
    const { url } = await server({
      '/slow': { delayMs: 2000 },
      '/empty': { body: ['hold'] },
      '/silent': { body: ['a', 'hold'] },
      '/alive': { body: Array.from({ length: 20 }, () => [':\n\n', 25]).flat() },
    });
    const made = transport({ url, firstByteTimeoutMs: 400, idleTimeoutMs: 400 });
    const late = { code: 'backend-unreachable', message: expect.stringContaining('in time') as unknown };
    await expect(made.send(get('/slow'))).rejects.toMatchObject(late);
    await expect(textOf(made, get('/empty'))).rejects.toMatchObject(late);
    await expect(textOf(made, get('/silent'))).rejects.toMatchObject(late);
    expect(await textOf(made, get('/alive'))).toHaveLength(60);
    await expect(made.send(get('/slow', { firstByteTimeoutMs: 20 }))).rejects.toMatchObject(late);
  });

  it('does not count the time in which nobody reads as silence', async () => {
    const { url } = await server({ body: ['a', 20, 'b'] });
    const reply = await transport({ url, idleTimeoutMs: 60 }).send(get());
    const read: string[] = [];
    for await (const chunk of reply.chunks()) {
      read.push(Buffer.from(chunk).toString());
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    expect(read.join('')).toBe('ab');
  });

  it('is told of a socket that breaks off in the body, and of a body that is too long', async () => {
    const { url } = await server({ '/cut': { body: ['a', 'cut'] }, '/long': { body: 'x'.repeat(1000) } });
    const made = transport({ url });
    await expect(textOf(made, get('/cut'))).rejects.toMatchObject({ code: 'backend-unreachable' });
    const reply = await made.send(get('/long'));
    await expect(reply.text(100)).rejects.toMatchObject({ code: 'backend-protocol' });
  });
});

describe('a server that fails', () => {
  it('is tried once more when the socket closed before anything was answered, and no more', async () => {
    const once = await server((_, index) =>
      index === 0 ? { body: ['cut'], status: 200 } : { body: 'fine' },
    );
    // Headers are written with the first piece of a body; a cut before it is a socket without an answer.
    expect(await textOf(transport({ url: once.url }))).toBe('fine');
    const always = await server({ body: ['cut'] });
    await expect(transport({ url: always.url }).send(get())).rejects.toMatchObject({
      code: 'backend-unreachable',
    });
    expect(always.requests).toHaveLength(2);
  });

  it('is not tried again when it may have worked on the request until the socket closed', async () => {
    const late = await server({ delayMs: 60, body: ['cut'] });
    await expect(transport({ url: late.url }, { keptSocketMs: 30 }).send(get())).rejects.toMatchObject({
      code: 'backend-unreachable',
    });
    expect(late.requests).toHaveLength(1);
  });

  it('is not asked again once a reply was handed out', async () => {
    const cut = await server({ body: ['a', 'cut'] });
    const other = await server();
    const made = transport({ url: cut.url, endpoints: [{ url: other.url }] }, { random: () => 0 });
    await expect(textOf(made)).rejects.toMatchObject({ code: 'backend-unreachable' });
    expect([cut.requests.length, other.requests.length]).toEqual([1, 0]);
  });

  it('is followed by the next: when it is down, busy or limited', async () => {
    const good = await server();
    for (const url of [
      await nowhere(),
      (await server({ status: 503 })).url,
      (await server({ status: 429, headers: { 'retry-after': '60' } })).url,
    ]) {
      const made = transport({ url, endpoints: [{ url: good.url }] }, { random: () => 0 });
      expect(await textOf(made)).toBe('fine');
    }
  });

  it('hands out its own reply when no other does better', async () => {
    const busy = await server({ status: 503, body: 'Loading model' });
    const made = transport({ url: busy.url, endpoints: [{ url: await nowhere() }] }, { random: () => 0 });
    const reply = await made.send(get());
    expect([reply.status, await reply.text()]).toEqual([503, 'Loading model']);
  });

  it('does not show keys, wherever they are', async () => {
    const url = (await nowhere()).replace('//', '//user:pass-word@');
    const notes: unknown[] = [];
    const config = {
      url: `${url}/secret?key=query-key`,
      apiKey: 'api-key-1',
      headers: { 'x-key': 'header-key' },
    };
    const thrown: unknown = await transport(config, {}, notes)
      .send(get())
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'backend-unreachable' });
    const told = JSON.stringify([notes, thrown, (thrown as Error).message, String((thrown as Error).cause)]);
    expect(told).not.toMatch(/pass-word|query-key|api-key-1|header-key/u);
    expect(notes).toHaveLength(1);
  });
});

it('does not show a key that a server repeats', async () => {
  const { url } = await server((seen) => ({
    status: 401,
    body: `Wrong: ${String(seen.headers.authorization)}`,
  }));
  const reply = await transport({ url, apiKey: 'my own key' }).send(get());
  expect(await reply.text()).toBe('Wrong: Bearer [key]');
});

describe('Retry-After', () => {
  it('is waited for when it is short, once', async () => {
    const script: Script = (_, index) =>
      index % 2 === 0 ? { status: 429, headers: { 'retry-after': '0.05' } } : { body: 'fine' };
    const { url, requests } = await server(script);
    expect(await textOf(transport({ url }))).toBe('fine');
    expect(requests).toHaveLength(2);
  });

  it('leaves a server alone for as long as it says, and then asks it again', async () => {
    let now = 0;
    const { url, requests } = await server({ status: 429, headers: { 'retry-after': '20' } });
    const made = transport({ url }, { now: () => now });
    expect((await made.send(get())).status).toBe(429);
    now = 5000;
    await expect(made.send(get())).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterSeconds: 15 },
    });
    expect(requests).toHaveLength(1);
    now = 20_000;
    expect((await made.send(get())).status).toBe(429);
    expect(requests).toHaveLength(2);
  });
});

describe('several endpoints', () => {
  it('get requests by weight', async () => {
    const [a, b] = [await server(), await server()];
    let at = 0;
    const random = () => (at++ % 10) / 10;
    const made = transport({ url: a.url, weight: 1, endpoints: [{ url: b.url, weight: 4 }] }, { random });
    for (let time = 0; time < 20; time += 1) await textOf(made);
    expect([a.requests.length, b.requests.length]).toEqual([4, 16]);
  });

  it('are passed over after failures in a row, until one request has tried them', async () => {
    let [now, isDown] = [0, true];
    const notes: unknown[] = [];
    const a = await server(() => (isDown ? { status: 502 } : { body: 'fine' }));
    const b = await server();
    const circuit = { failures: 3, openMs: 1000, longestOpenMs: 3000 };
    const made = transport(
      { url: a.url, endpoints: [{ url: b.url }] },
      { circuit, now: () => now, random: () => 0 },
      notes,
    );
    const askTimes = async (times: number): Promise<number> => {
      const before = a.requests.length;
      for (let time = 0; time < times; time += 1) expect(await textOf(made)).toBe('fine');
      return a.requests.length - before;
    };
    expect(await askTimes(5)).toBe(3);
    now = 1000;
    expect(await askTimes(3)).toBe(1);
    now = 2999;
    expect(await askTimes(3)).toBe(0);
    [now, isDown] = [3000, false];
    expect(await askTimes(3)).toBe(3);
    expect(notes.at(-1)).toEqual(['a model server answers again', { endpoint: `${a.url}/` }]);
  });

  it('that are all down are still tried, one request at a time', async () => {
    const { url, requests } = await server({ status: 503, delayMs: 40 });
    const made = transport({ url }, { circuit: { failures: 1, openMs: 60_000, longestOpenMs: 60_000 } });
    expect((await made.send(get())).status).toBe(503);
    const both = await Promise.allSettled([made.send(get()), made.send(get())]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(requests).toHaveLength(3);
  });
});
