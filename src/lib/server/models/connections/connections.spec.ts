import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { cards, connectionFixtures } from './fixtures';

const { fake, openOn, close } = connectionFixtures();
afterEach(close);

const { signal } = new AbortController();
const key = 'sk-secret-key';

const add = { choice: 'all' as const };

it('finds, keeps and offers a server, and gives its key to nobody', async () => {
  const server = await fake({ 'GET /v1/models': cards('a', 'b', 'text-embed') }, { key });
  const { connections, stored, seen } = await openOn();
  const found = await connections.probe({ url: server.url, key }, signal);
  expect(found).toMatchObject({ flavour: 'vllm', name: 'vLLM', url: `${server.url}/v1` });
  const id = randomUUID();
  const summary = await connections.add({ id, url: found.url, key, name: 'My box!', ...add }, signal);
  expect(summary).toMatchObject({
    prefix: 'my-box',
    hasKey: true,
    status: { state: 'ready' },
    models: [{ id: 'my-box/a' }, { id: 'my-box/b' }],
  });
  expect(await connections.add({ id, url: 'http://127.0.0.1:1', ...add }, signal)).toEqual(summary);
  expect(seen.at(-1)?.configs[0]).toMatchObject({
    id: 'my-box/a',
    origin: 'connected',
    provider: 'My box!',
    contextLength: 8192,
    backend: { type: 'openai', url: `${server.url}/v1`, apiKey: key, model: 'a', flavour: 'vllm' },
  });
  expect(JSON.stringify([connections.list(), [...stored.values()]])).not.toContain(key);
});

it('is connected once when the same comes twice at once', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') });
  const { connections, offered } = await openOn();
  const request = { id: randomUUID(), url: server.url, ...add };
  const [one, other] = await Promise.all([
    connections.add(request, signal),
    connections.add(request, signal),
  ]);
  expect(one).toEqual(other);
  expect(offered()).toEqual(['vllm/a']);
});

it('is there after a restart with what was known, also while the server is down', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') }, { key });
  const first = await openOn();
  const { id } = await first.connections.add({ id: randomUUID(), url: server.url, key, ...add }, signal);
  await server.close();
  const { connections, offered, seen } = await openOn(first.stored);
  expect(offered()).toEqual(['vllm/a']);
  const summary = await connections.refresh(id, signal);
  expect(summary.status).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('Nothing listens') as string,
  });
  expect(offered()).toEqual(['vllm/a']);
  expect(seen.at(-1)?.faults.get('vllm/a')?.reason).toContain('vLLM: Nothing listens');
});

it('follows what the server has, and keeps what was chosen by hand', async () => {
  const models = ['a'];
  const server = await fake({ 'GET /v1/models': () => cards(...models) });
  const { connections, offered } = await openOn();
  const all = await connections.add({ id: randomUUID(), url: server.url, ...add }, signal);
  const some = await connections.add({ id: randomUUID(), url: server.url, choice: ['a', 'z'] }, signal);
  expect([all.prefix, some.prefix]).toEqual(['vllm', 'vllm-2']);
  models.push('b');
  await connections.refresh(all.id, signal);
  await connections.refresh(some.id, signal);
  expect(offered()).toEqual(['vllm/a', 'vllm/b', 'vllm-2/a', 'vllm-2/z']);
  models.shift();
  await connections.refresh(all.id, signal);
  await connections.refresh(some.id, signal);
  expect(offered()).toEqual(['vllm/b', 'vllm-2/a', 'vllm-2/z']);
});

it('says that a key is lost with the secret, sends nothing, and takes a new one', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') }, { key });
  const first = await openOn();
  const { id } = await first.connections.add({ id: randomUUID(), url: server.url, key, ...add }, signal);
  server.asked.length = 0;
  const { connections, offered } = await openOn(first.stored, 'another secret');
  await connections.refresh(id, signal);
  expect(connections.list()[0]).toMatchObject({ hasKey: false, status: { state: 'key-lost' } });
  expect(server.asked).toEqual([]);
  expect(offered()).toEqual(['vllm/a']);
  expect(await connections.change(id, { key }, signal)).toMatchObject({
    hasKey: true,
    status: { state: 'ready' },
  });
  const again = await openOn(first.stored, 'another secret');
  expect(again.connections.list()[0]).toMatchObject({ hasKey: true });
});

it('sends a stored key to no other server', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') }, { key });
  const other = await fake({ 'GET /v1/models': cards('a') });
  const { connections } = await openOn();
  const { id: connectionId } = await connections.add(
    { id: randomUUID(), url: server.url, key, ...add },
    signal,
  );
  await connections.probe({ url: server.url, connectionId }, signal);
  await connections.probe({ url: other.url, connectionId }, signal);
  await connections.change(connectionId, { url: other.url }, signal);
  expect(other.asked.length).toBeGreaterThan(0);
  expect(other.asked.every((asked) => asked.key === undefined)).toBe(true);
  expect(connections.list()[0]).toMatchObject({ hasKey: false, url: `${other.url}/v1` });
});

it('changes name, key and choice, and the ids stay', async () => {
  const server = await fake({ 'GET /v1/models': cards('a', 'b') });
  const { connections, offered } = await openOn();
  const { id } = await connections.add({ id: randomUUID(), url: server.url, key, ...add }, signal);
  server.asked.length = 0;
  expect(await connections.change(id, { name: 'Other' }, signal)).toMatchObject({
    name: 'Other',
    prefix: 'vllm',
  });
  expect(server.asked).toEqual([]);
  await connections.change(id, { choice: ['b'], key: null }, signal);
  expect(connections.list()[0]).toMatchObject({ name: 'Other', hasKey: false, choice: ['b'] });
  expect(offered()).toEqual(['vllm/b']);
  await Promise.all([connections.remove(id), connections.remove(id)]);
  expect(offered()).toEqual([]);
  await expect(connections.change(id, { name: 'x' }, signal)).rejects.toMatchObject({ code: 'not-found' });
});

it('stores nothing of a server that does not answer', async () => {
  const { connections, stored } = await openOn();
  const request = { id: randomUUID(), url: 'http://127.0.0.1:1', ...add };
  await expect(connections.add(request, signal)).rejects.toMatchObject({ code: 'backend-unreachable' });
  expect(stored.size).toBe(0);
  expect(connections.list()).toEqual([]);
});

it('a refresh that comes back after a removal changes nothing', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') });
  const { connections, stored } = await openOn();
  const { id } = await connections.add({ id: randomUUID(), url: server.url, ...add }, signal);
  const refreshing = connections.refresh(id, signal);
  await connections.remove(id);
  await expect(refreshing).rejects.toMatchObject({ code: 'not-found' });
  expect(stored.size).toBe(0);
});
