import { randomUUID } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { connectionChangesSchema } from '../../../domain/connection-requests';
import { cards, connectionFixtures } from './fixtures';

const { fake, openOn, close } = connectionFixtures();
afterEach(close);
const { signal } = new AbortController();
const key = 'sk-secret-key';

async function connected(given: { key?: string } = { key }) {
  const server = await fake({ 'GET /v1/models': cards('a', 'b') }, given);
  const opened = await openOn();
  const id = randomUUID();
  await opened.connections.add({ id, url: server.url, ...given, choice: 'all' }, signal);
  server.asked.length = 0;
  return { ...opened, server, id };
}

it('is saved as it is given where nobody wants the server asked first', async () => {
  const { connections, server, id, offered } = await connected();
  await server.close();
  const url = `${server.url}/v1`;
  const changes = { url, name: 'Down', choice: ['b'], check: false };
  expect(await connections.change(id, changes, signal)).toMatchObject({ name: 'Down', hasKey: true, url });
  expect(offered()).toEqual(['vllm/b']);
  expect(await connections.change(id, { url, key: 'sk-another', check: false }, signal)).toMatchObject({
    hasKey: true,
    status: { state: 'unchecked' },
  });
  expect(await connections.change(id, { key: null, check: false }, signal)).toMatchObject({ hasKey: false });
  // It is asked by itself, and says how it is.
  await vi.waitFor(() => expect(connections.list()[0]?.status.state).toBe('failed'));
});

it('a server at a new address that nobody asks has its base there, and no key of the former', async () => {
  const { connections, id, seen } = await connected();
  const other = await fake({ 'GET /v1/models': cards('a') });
  const summary = await connections.change(id, { url: other.url, check: false }, signal);
  expect(summary).toMatchObject({ url: `${other.url}/v1`, hasKey: false });
  expect(seen.at(-1)?.configs[0]?.backend).toMatchObject({ type: 'openai', url: `${other.url}/v1` });
  await vi.waitFor(() => expect(connections.list()[0]?.status.state).toBe('ready'));
  expect(other.asked.every((asked) => asked.key === undefined)).toBe(true);
});

it('a lost key stays lost, and sealed, when only the name changes', async () => {
  const { stored, id, server } = await connected();
  const { connections } = await openOn(stored, 'another secret');
  const url = `${server.url}/v1`;
  await connections.change(id, { url, name: 'Mine', check: false }, signal);
  const again = await openOn(stored);
  expect(again.connections.list()[0]).toMatchObject({ name: 'Mine', hasKey: true });
});

it('the key of one change never goes to the address of another', async () => {
  const { connections, stored, server, id } = await connected();
  const other = await fake({ 'GET /v1/models': cards('a') }, { key: 'sk-other-key' });
  const outcomes = await Promise.allSettled([
    connections.change(id, { url: server.url, key, choice: ['a'] }, signal),
    connections.change(id, { url: other.url, key: 'sk-other-key' }, signal),
    connections.change(id, { url: server.url, key: null, check: false }, signal),
  ]);
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'conflict' } });
  const again = await openOn(stored);
  await again.connections.refresh(id, signal).catch(() => undefined);
  expect(other.asked.filter((asked) => asked.key?.includes(key))).toEqual([]);
  expect(server.asked.filter((asked) => asked.key?.includes('sk-other-key'))).toEqual([]);
});

it('a key comes with the address that it is for', () => {
  expect(connectionChangesSchema.safeParse({ key }).error?.issues).toMatchObject([{ path: ['url'] }]);
  expect(connectionChangesSchema.safeParse({ key, url: 'http://a' }).success).toBe(true);
  expect(connectionChangesSchema.safeParse({ key: null }).success).toBe(true);
});

it('offers models to administrators alone, until they are for everybody, with or without asking the server', async () => {
  const server = await fake({ 'GET /v1/models': cards('a') });
  const { connections, stored, seen } = await openOn();
  const id = randomUUID();
  const access = () => seen.at(-1)?.configs.map((config) => config.access);
  await connections.add({ id, url: server.url, choice: 'all', isForAdmins: true }, signal);
  expect(access()).toEqual(['admin']);
  await connections.change(id, { url: server.url }, signal);
  expect([access(), connections.list()[0]?.isForAdmins]).toEqual([['admin'], true]);
  expect((await openOn(stored)).seen.at(-1)?.configs[0]?.access).toBe('admin');
  for (const choice of [undefined, 'all'] as const) {
    await connections.change(id, { isForAdmins: false, ...(choice && { choice }) }, signal);
    expect([access(), connections.list()[0]?.isForAdmins]).toEqual([[undefined], undefined]);
    await connections.change(id, { isForAdmins: true, ...(choice && { choice }) }, signal);
    expect(access()).toEqual(['admin']);
  }
});
