import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '../../domain/errors';
import type { DiscoveredModel, DiscoveredServer } from '../backends/discovery/discovered';
import { defaultHttpSettings } from '../backends/http/settings';
import type { BackendConfig } from '../backends/index';
import { isWanted, modelsOf as modelsFor, type AskedServer, type ToBackend } from './discovered-models';
import type { ModelConfig, ModelFault } from './model-config';
import { ServerList } from './server-list';
import type { Discover } from './server-watch';

const model = (id: string, more: Partial<DiscoveredModel> = {}): DiscoveredModel => ({
  id,
  capabilities: {},
  ...more,
});
const found = (...models: DiscoveredModel[]): DiscoveredServer => ({
  flavour: 'vllm',
  backend: 'openai',
  url: 'http://gpu:8000/v1',
  models,
});

/** Servers by address, and what the registry was told last. */
function setUp() {
  const servers = new Map<string, DiscoveredServer | AppError>();
  const asked: string[] = [];
  const notes: [string, object][] = [];
  const last = {
    ids: [] as string[],
    configs: [] as readonly ModelConfig[],
    faults: new Map<string, ModelFault>(),
  };
  const discover: Discover = ({ url }) => {
    asked.push(url);
    const answer = servers.get(url) ?? new AppError('backend-unreachable', 'Nobody is there.');
    return answer instanceof AppError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const setSource = (
    _: string,
    configs: readonly ModelConfig[],
    faults: ReadonlyMap<string, ModelFault> = new Map(),
  ) => {
    Object.assign(last, { configs, ids: configs.map(({ id }) => id), faults: new Map(faults) });
  };
  const note = (message: string, details: object) => void notes.push([message, details]);
  const list = new ServerList(
    { setSource },
    { discover, http: defaultHttpSettings, note, warn: note, refreshMs: 40, retryMs: 5, toBackend: asSaid },
  );
  lists.push(list);
  return { servers, asked, notes, last, list };
}
const lists: ServerList[] = [];
afterEach(() => {
  for (const list of lists.splice(0)) list.close();
});

/** As any driver would: what is said. */
const asSaid: ToBackend = (said) => said as unknown as BackendConfig;
const modelsOf = (servers: AskedServer[]) => modelsFor(servers, asSaid, () => {});
const [a, b] = ['http://a:1', 'http://b:1'];
const askedOf = (...servers: [Partial<AskedServer['entry']>, DiscoveredServer][]): AskedServer[] =>
  servers.map(([entry, said], index) => ({
    entry: { url: `http://s${String(index)}:1`, ...entry },
    found: said,
  }));

it('takes what a server has, without what makes vectors, as its entry wants it', () => {
  const entry = { include: ['org/*', 'x'], exclude: ['*-old'] };
  expect(['org/a', 'org/a-old', 'x', 'xy', 'other'].filter((id) => isWanted(id, entry))).toEqual([
    'org/a',
    'x',
  ]);
  const server = found(
    model('chat', { name: 'Chat', contextLength: 4000 }),
    model('embed', { isEmbedding: true }),
  );
  const [only, ...others] = modelsOf(
    askedOf([{ apiKey: 'k', access: 'admin', headers: { x: '1' } }, server]),
  );
  expect(others).toEqual([]);
  expect(only?.config).toMatchObject({
    id: 'chat',
    name: 'Chat',
    origin: 'discovered',
    provider: 'vLLM',
    contextLength: 4000,
    access: 'admin',
    backend: { type: 'openai', url: 'http://gpu:8000/v1', model: 'chat', apiKey: 'k', headers: { x: '1' } },
  });
});

it('puts the given prefix before ids, and the name of its server before one that is taken', () => {
  const ids = modelsOf(
    askedOf(
      [{}, found(model('llama'), model('qwen'))],
      [{ name: 'Second' }, found(model('llama'), model('phi'))],
      [{ prefix: 'third/' }, found(model('llama'))],
    ),
  ).map(({ config }) => config.id);
  expect(ids).toEqual(['llama', 'qwen', 'Second/llama', 'phi', 'third/llama']);
});

it('says so when no driver takes the models of a server, and takes those of the others', () => {
  const refused: string[] = [];
  const take: ToBackend = (said) => (said.model === 'odd' ? undefined : asSaid(said));
  const asked = askedOf([{}, found(model('odd'), model('odd'))], [{ name: 'B' }, found(model('b'))]);
  const offered = modelsFor(asked, take, ({ url }) => refused.push(url));
  expect(offered.map(({ config }) => config.id)).toEqual(['b']);
  expect(refused).toEqual(['http://s0:1']);
});

it('goes on asking: a server that is down at the start comes when it comes, and stays listed when it goes', async () => {
  const { servers, notes, last, list } = setUp();
  servers.set(b, found(model('other')));
  await list.set([{ url: a }, { url: b, name: 'B' }]);
  expect(last.ids).toEqual(['other']);
  expect(notes).toEqual([
    ['a model server cannot be asked for its models', { server: 'a:1', reason: 'Nobody is there.' }],
  ]);
  servers.set(a, found(model('late')));
  await vi.waitFor(() => expect(last.ids).toEqual(['late', 'other']));
  servers.set(a, new AppError('backend-unreachable', 'It went.'));
  await vi.waitFor(() => expect(last.faults.get('late')?.reason).toBe('It went.'));
  expect(last.ids).toEqual(['late', 'other']);
  expect([...last.faults.keys()]).toEqual(['late']);
  servers.set(a, found(model('late'), model('new')));
  await vi.waitFor(() => expect(last.ids).toEqual(['late', 'new', 'other']));
  expect(last.faults.size).toBe(0);
});

it('keeps what it knows of servers that stay, and forgets those that are taken away', async () => {
  const { servers, asked, last, list } = setUp();
  servers.set(a, found(model('a')));
  servers.set(b, found(model('b')));
  await list.set([
    { url: a, refreshMs: 60_000 },
    { url: b, refreshMs: 60_000 },
  ]);
  expect(last.ids).toEqual(['a', 'b']);
  await list.set([{ url: b, refreshMs: 60_000 }]);
  expect(last.ids).toEqual(['b']);
  expect(asked).toEqual([a, b]);
  await list.set([]);
  expect(last.ids).toEqual([]);
});

it('leaves alone what would lose answers by being asked, once it has answered', async () => {
  const { servers, asked, last, list } = setUp();
  servers.set(b, found(model('b')));
  await list.set([{ url: a }, { url: b }]);
  servers.set(a, { ...found(model('a')), flavour: 'llama-cpp-python' });
  await vi.waitFor(() => expect(last.ids).toEqual(['a', 'b']));
  const [times, others] = [a, b].map((url) => asked.filter((one) => one === url).length);
  await vi.waitFor(() => expect(asked.filter((url) => url === b).length).toBeGreaterThan((others ?? 0) + 2));
  expect(asked.filter((url) => url === a)).toHaveLength(times ?? 0);
});
