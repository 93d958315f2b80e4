import { afterEach, describe, expect, it } from 'vitest';
import { fakeServer, type FakeServer, type Script } from '../__fixtures__/fake-server';
import { createTransport, type TransportTiming } from './http-transport';
import type { ServerConfig } from './endpoint-config';
import type { HttpRequest, Transport } from './transport';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function server(script: Script): Promise<FakeServer> {
  const started = await fakeServer(script);
  open.push(started);
  return started;
}

const circuit = { failures: 1, openMs: 1, longestOpenMs: 1 };
function transport(config: ServerConfig, timing: Partial<TransportTiming> = {}, notes: unknown[] = []) {
  const note = (message: string, details: object) => notes.push({ message, ...details });
  const made = createTransport(config, { note }, { circuit, ...timing });
  open.push(made);
  return made;
}

const get = (signal = new AbortController().signal): HttpRequest => ({ method: 'GET', path: '/x', signal });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const textOf = async (made: Transport, request = get()) => (await made.send(request)).text();
const down = { status: 503, body: 'down' };

describe('while one request tries the only server', () => {
  it('the others wait, and go once it has answered', async () => {
    const { url, requests } = await server((_, index) =>
      index === 0 ? down : index === 1 ? { delayMs: 150, body: 'fine' } : { body: 'fine' },
    );
    const made = transport({ url });
    await textOf(made);
    const all = [textOf(made), textOf(made), textOf(made)];
    await pause(60);
    expect(requests).toHaveLength(2);
    expect(await Promise.all(all)).toEqual(['fine', 'fine', 'fine']);
  });

  it('the others are refused when it breaks off', async () => {
    const { url, requests } = await server((_, index) =>
      index === 0 ? down : { delayMs: 100, body: ['cut'] },
    );
    const made = transport({ url });
    await textOf(made);
    const outcomes = await Promise.allSettled([textOf(made), textOf(made), textOf(made)]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { code: 'backend-unreachable' } });
    // The one that tried asked twice, as always when a socket breaks at once.
    expect(requests).toHaveLength(3);
  });

  it('the others hear for themselves that it is there and busy', async () => {
    const { url } = await server((_, index) => (index === 1 ? { ...down, delayMs: 50 } : down));
    const made = transport({ url });
    await textOf(made);
    expect(await Promise.all([textOf(made), textOf(made), textOf(made)])).toEqual(['down', 'down', 'down']);
  });

  it('another tries when it is given up, and whoever gives up waits no more', async () => {
    const { url } = await server((_, index) =>
      index === 0 ? down : index === 1 ? { delayMs: 5000 } : { body: 'fine' },
    );
    const made = transport({ url });
    await textOf(made);
    const [first, second] = [new AbortController(), new AbortController()];
    const tried = textOf(made, get(first.signal));
    const waiting = textOf(made, get(second.signal));
    const last = textOf(made);
    await pause(30);
    second.abort();
    await expect(waiting).rejects.toThrow();
    first.abort();
    await expect(tried).rejects.toThrow();
    expect(await last).toBe('fine');
  });

  it('nobody waits longer than a connection may take', async () => {
    const { url, requests } = await server((_, index) =>
      index === 0 ? down : { delayMs: index === 1 ? 5000 : 0, body: 'fine' },
    );
    const made = transport({ url, connectTimeoutMs: 80 });
    await textOf(made);
    const slow = new AbortController();
    const trial = textOf(made, get(slow.signal));
    expect(await textOf(made)).toBe('fine');
    expect(requests).toHaveLength(3);
    slow.abort();
    await expect(trial).rejects.toThrow();
  });
});

it('each server hears its own name for the model', async () => {
  const [first, second] = [await server({ status: 503 }), await server({ body: 'fine' })];
  const config = { url: first.url, endpoints: [{ url: second.url, model: 'deployment-2' }] };
  const made = transport(config, { random: () => 0 });
  const body = { model: 'deployment-1', prompt: 'x' };
  expect(await textOf(made, { ...get(), method: 'POST', body })).toBe('fine');
  expect([first, second].map(({ requests }) => requests[0]?.body)).toEqual([
    body,
    { model: 'deployment-2', prompt: 'x' },
  ]);
});

it('a request goes to the server that gave a reply when it is to be near it, while that answers', async () => {
  let isDown = false;
  const a = await server(() => (isDown ? down : { body: 'a' }));
  const b = await server({ body: 'b' });
  let chosen = 0;
  const random = () => (chosen++ === 0 ? 0 : 0.9);
  const made = transport({ url: a.url, endpoints: [{ url: b.url }] }, { random });
  const near = await made.send(get());
  expect(await near.text()).toBe('a');
  expect(await textOf(made)).toBe('b');
  expect(await textOf(made, { ...get(), near })).toBe('a');
  isDown = true;
  expect(await textOf(made, { ...get(), near })).toBe('b');
});

it('a server that says the same fault each second is noted once, and then now and then', async () => {
  let now = 0;
  const { url } = await server((_, index) => (index < 25 ? down : { body: 'fine' }));
  const notes: { message: string }[] = [];
  const made = transport({ url }, { now: () => now, circuit: { ...circuit, failures: 3 } }, notes);
  for (let second = 0; second < 26; second += 1) {
    now = second * 1000;
    await textOf(made);
  }
  expect(notes.map(({ message }) => message)).toEqual([
    'a model server does not answer',
    'a model server is passed over for a while',
    'a model server does not answer',
    'a model server does not answer',
    'a model server answers again',
  ]);
});
