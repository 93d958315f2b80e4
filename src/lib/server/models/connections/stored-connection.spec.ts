import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Connection } from '../../../domain/connection';
import { cards, connectionFixtures } from './fixtures';

const { fake, openOn, close } = connectionFixtures();
afterEach(close);
const { signal } = new AbortController();

/** Three connections, the second of which is stored as `change` makes it. */
async function withOneOf(change: (connection: Connection) => object) {
  const server = await fake({ 'GET /v1/models': cards('a') }, { key: 'sk-the-key' });
  const first = await openOn();
  const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
  for (const id of ids)
    await first.connections.add({ id, url: server.url, key: 'sk-the-key', choice: 'all' }, signal);
  const { stored } = first;
  const before = stored.get(ids[1]);
  if (before) stored.set(ids[1], change(before) as Connection);
  server.asked.length = 0;
  return { ...(await openOn(stored)), id: ids[1], server };
}

it.each<[string, (connection: Connection) => object, string]>([
  ['a driver that is gone', (one) => ({ ...one, backend: 'gopher' }), '(backend)'],
  ['a program that nobody knows', (one) => ({ ...one, flavour: 'new-one' }), '(flavour)'],
  ['no address', (one) => ({ ...one, url: 'nowhere' }), '(url)'],
  ['another word for whom it is', (one) => ({ ...one, isForAdmins: 'yes' }), '(isForAdmins)'],
  ['another form of models', (one) => ({ ...one, models: { a: {} } }), '(models)'],
  ['nothing', ({ id, createdAt }) => ({ id, createdAt }), 'name, prefix, url'],
  [
    'a name that no driver takes',
    (one) => ({ ...one, models: [{ id: 'x'.repeat(501), capabilities: {} }] }),
    'model.',
  ],
])('%s costs the other servers nothing, and is shown with its reason', async (_, change, place) => {
  const { connections, offered, warnings, id, server } = await withOneOf(change);
  expect(offered()).toEqual(['vllm/a', 'vllm-3/a']);
  expect(warnings).toEqual([expect.objectContaining({ connectionId: id, state: 'broken' })]);
  const shown = connections.list().find((one) => one.id === id);
  const reason = expect.stringContaining(place) as string;
  expect(shown).toMatchObject({ hasKey: false, status: { state: 'broken', reason } });
  server.asked.length = 0;
  expect(await connections.refresh(id, signal)).toEqual(shown);
  expect(server.asked).toEqual([]);
  await expect(connections.change(id, { name: 'x' }, signal)).rejects.toMatchObject({
    code: 'invalid-input',
  });
  await connections.remove(id);
  expect(connections.list()).toHaveLength(2);
});

it('is mended by giving its address again, and its models have their ids back', async () => {
  const change = (one: Connection) => ({ ...one, backend: 'gopher', isForAdmins: true });
  const { connections, offered, id, server, stored } = await withOneOf(change);
  const changes = { url: server.url, key: 'sk-the-key', choice: 'all' as const };
  expect(await connections.change(id, changes, signal)).toMatchObject({ status: { state: 'ready' } });
  expect(offered()).toEqual(['vllm/a', 'vllm-2/a', 'vllm-3/a']);
  expect(stored.get(id)).toMatchObject({ backend: 'openai', isForAdmins: true });
});

it('warns of a key that another secret has sealed, and starts all the same', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') }, { key: 'sk-the-key' });
  const { connections, stored } = await openOn();
  const id = randomUUID();
  await connections.add({ id, url: server.url, key: 'sk-the-key', choice: 'all' }, signal);
  const { offered, warnings } = await openOn(stored, 'another secret');
  expect(offered()).toEqual(['vllm/a']);
  expect(warnings).toEqual([expect.objectContaining({ connectionId: id, state: 'key-lost' })]);
});

it('what was for administrators alone is that still when it is given anew', async () => {
  const { connections, id, server, seen } = await withOneOf((one) => ({
    ...one,
    isForAdmins: true,
    backend: 'gopher',
  }));
  await connections.change(id, { url: server.url, key: 'sk-the-key' }, signal);
  const accesses = seen.at(-1)?.configs.map((config) => [config.id, config.access]);
  expect(accesses).toContainEqual(['vllm-2/a', 'admin']);
});
