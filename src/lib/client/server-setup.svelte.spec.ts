import { expect, it, vi } from 'vitest';
import type { ConnectionSummary, FoundServer, OfferedModel } from '../domain/connection';
import { ApiError } from './api';
import type { ConnectionsApi } from './connections-api';
import { ServerConnections } from './server-connections.svelte';
import { ServerSetup } from './server-setup.svelte';

const model = (id: string): OfferedModel => ({ id, capabilities: {} });

const found: FoundServer = {
  flavour: 'ollama',
  backend: 'ollama',
  url: 'http://127.0.0.1:11434',
  name: 'Ollama',
  models: [model('a'), model('b'), { ...model('vectors'), isEmbedding: true }],
};

const connected: ConnectionSummary = {
  id: 'one',
  name: 'My box',
  prefix: 'my-box',
  url: found.url,
  backend: 'ollama',
  flavour: 'ollama',
  choice: ['b', 'gone'],
  hasKey: true,
  models: [],
  status: { state: 'ready' },
  createdAt: new Date(0),
};

function makeSetup(
  probe: ConnectionsApi['probe'] = () => Promise.resolve(found),
  connection?: ConnectionSummary,
) {
  const api = {
    list: vi.fn<ConnectionsApi['list']>(),
    probe: vi.fn<ConnectionsApi['probe']>(probe),
    test: vi.fn<ConnectionsApi['test']>(() => Promise.resolve({ text: 'Hello', durationMs: 20 })),
    add: vi.fn<ConnectionsApi['add']>(() => Promise.resolve(connected)),
    change: vi.fn<ConnectionsApi['change']>(() => Promise.resolve(connected)),
    refresh: vi.fn<ConnectionsApi['refresh']>(),
    remove: vi.fn<ConnectionsApi['remove']>(),
  };
  const onSaved = vi.fn();
  return { api, onSaved, setup: new ServerSetup(api, connection, onSaved) };
}

const fault = (name: string) =>
  new ApiError(
    { code: 'backend-rejected', message: 'It asks for a key.', retryable: false, details: { fault: name } },
    true,
  );

it('finds a server, and adds all that answers', async () => {
  const { setup, api, onSaved } = makeSetup();
  setup.url = ' 127.0.0.1:11434 ';
  setup.key = ' k ';
  await setup.look();
  expect(api.probe.mock.calls[0]).toMatchObject([{ url: '127.0.0.1:11434', key: 'k' }, {}]);
  expect(setup.models.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(setup).toMatchObject({ name: 'Ollama', choice: 'all', canSave: true });
  await setup.save();
  expect(api.add.mock.calls).toMatchObject([[{ url: found.url, key: 'k', name: 'Ollama', choice: 'all' }]]);
  expect(onSaved).toHaveBeenCalledWith(connected);
});

it('takes only what is chosen, and nothing that is not', async () => {
  const { setup } = makeSetup();
  await setup.look();
  setup.takesAll = false;
  expect(setup.canSave).toBe(false);
  setup.choose('b', true);
  setup.choose('a', true);
  setup.choose('b', false);
  expect(setup).toMatchObject({ canSave: true, choice: ['a'] });
});

it('takes models by hand from a server that lists none', async () => {
  const { setup } = makeSetup(() => Promise.resolve({ ...found, models: [] }));
  await setup.look();
  expect(setup.canSave).toBe(false);
  setup.choose('mine', true);
  expect(setup).toMatchObject({ canSave: true, choice: ['mine'], unlisted: ['mine'] });
});

it('says what is wrong, and where that is mended', async () => {
  let name = 'key-missing';
  const { setup } = makeSetup(() => Promise.reject(fault(name)));
  await setup.look();
  expect(setup).toMatchObject({
    error: 'It asks for a key.',
    faultyField: 'key',
    found: null,
    doing: 'nothing',
  });
  name = 'nothing-listens';
  await setup.look();
  expect(setup.faultyField).toBe('url');
});

it('forgets what was found at another address, also when that comes late', async () => {
  let answer: (server: FoundServer) => void = () => undefined;
  const { setup } = makeSetup(() => new Promise((resolve) => (answer = resolve)));
  const looking = setup.look();
  setup.forget();
  answer(found);
  await looking;
  expect(setup).toMatchObject({ found: null, error: null, doing: 'nothing' });
});

it('tests one model at a time each, and keeps what it said', async () => {
  const { setup, api } = makeSetup();
  await setup.look();
  await Promise.all([setup.test('a'), setup.test('a')]);
  expect(api.test).toHaveBeenCalledTimes(1);
  expect(setup.tests.get('a')).toEqual({ state: 'answered', test: { text: 'Hello', durationMs: 20 } });
  api.test.mockRejectedValueOnce(fault('x'));
  await setup.test('b');
  expect(setup.tests.get('b')).toEqual({ state: 'failed', words: 'It asks for a key.' });
});

it('changes what is connected, with the stored key unless another is written', async () => {
  const { setup, api } = makeSetup(undefined, connected);
  await setup.look();
  expect(api.probe.mock.calls[0]).toMatchObject([{ url: found.url, connectionId: 'one' }, {}]);
  expect(setup).toMatchObject({ name: 'My box', takesAll: false, choice: ['b', 'gone'], unlisted: ['gone'] });
  await setup.save();
  const saved = { url: found.url, name: 'My box', choice: ['b', 'gone'] };
  expect(api.change.mock.calls[0]).toEqual(['one', saved]);
  setup.key = 'new';
  await setup.save();
  expect(api.change.mock.calls[1]).toEqual(['one', { ...saved, key: 'new' }]);
});

it('changes a server that is down, and does not ask it', async () => {
  const { setup, api, onSaved } = makeSetup(() => Promise.reject(fault('nothing-listens')), connected);
  await setup.look();
  expect(setup.canSave).toBe(false);
  setup.name = 'Renamed';
  await setup.saveUnchecked();
  expect(api.change.mock.calls).toEqual([['one', { url: found.url, name: 'Renamed', check: false }]]);
  expect(onSaved).toHaveBeenCalledWith(connected);
});

it('saves nothing unchecked that is new, or of which nothing is known', () => {
  const broken: ConnectionSummary = { ...connected, status: { state: 'broken', reason: 'x' } };
  const [fresh, lost] = [makeSetup().setup, makeSetup(undefined, broken).setup];
  fresh.url = found.url;
  expect([fresh.canSaveUnchecked, lost.canSaveUnchecked]).toEqual([false, false]);
});

it('takes a key away, and does not look with it', async () => {
  const { setup, api } = makeSetup(undefined, connected);
  setup.takesKeyAway = true;
  await setup.look();
  expect(api.probe.mock.calls[0]?.[0]).toEqual({ url: found.url });
  await setup.save();
  expect(api.change.mock.calls[0]?.[1]).toMatchObject({ url: found.url, key: null });
});

it('knows another server by its address, whichever way it is written', () => {
  const { setup } = makeSetup(undefined, connected);
  const isOther = (url: string) => {
    setup.url = url;
    return setup.isOtherServer;
  };
  const same = [found.url, '127.0.0.1:11434', 'http://127.0.0.1:11434/v1/models', ''];
  const others = ['http://127.0.0.1:11435', 'https://127.0.0.1:11434', 'example.com', 'http://elsewhere'];
  expect(same.map(isOther)).toEqual([false, false, false, false]);
  expect(others.map(isOther)).toEqual([true, true, true, true]);
});

it('leaves whoever went on to another form in it when the former one is saved at last', async () => {
  let answer = (_: ConnectionSummary) => {};
  const change = () => new Promise<ConnectionSummary>((resolve) => (answer = resolve));
  const connections = new ServerConnections(true, () => undefined, {
    list: () => Promise.resolve({ connections: [connected] }),
    change,
  } as unknown as ConnectionsApi);
  const formOf = () => (connections.view.name === 'setup' ? connections.view.setup : undefined);
  await connections.open();
  connections.begin(connected);
  const saving = formOf()?.saveUnchecked();
  connections.showList();
  connections.begin();
  const typed = formOf();
  answer({ ...connected, name: 'Renamed' });
  await saving;
  expect(formOf()).toBe(typed);
  expect(connections.all).toMatchObject([{ name: 'Renamed' }]);
});
