import { afterAll, beforeAll, expect, it } from 'vitest';
import { collect, describeBackend } from '../conformance';
import { gatherBackends } from '../gather';
import { fakeServer, type FakeReply, type FakeServer } from './fake-server';
import { writeLines } from './lines-server';

const backends = gatherBackends(import.meta.glob<object>('./*.backend.ts', { eager: true }));
const input = { kind: 'prompt', prompt: 'Once upon a time' } as const;

let server: FakeServer;
let said: string[] | undefined;
beforeAll(async () => {
  server = await fakeServer({ '/health': {}, '/write': (request) => writeLines(request, said) });
});
afterAll(() => server.close());

const create = () => backends.create(backends.configSchema.parse({ type: 'lines', url: server.url }));

describeBackend('lines', {
  create,
  input,
  parameters: {},
  unknown: { top_k: 5 },
  says: (text) => {
    said = text?.match(/[^]{1,5}/gu) ?? undefined;
    return {};
  },
});

it('lets the server know that nobody reads any more', async () => {
  server.reply({ body: ['+"a"\n', 'hold'] });
  const backend = create();
  const signal = new AbortController().signal;
  for await (const event of backend.generate({ ...input, parameters: {}, signal }))
    if (event.type === 'delta') break;
  const last = server.requests.at(-1);
  await last?.ended;
  expect(last?.wasLeft).toBe(true);
  await backend.close();
});

it.each<[string, FakeReply, string]>([
  ['a refusal', { status: 401, body: 'no' }, 'backend-rejected'],
  ['an answer that breaks off', { body: '+"a"\n' }, 'backend-protocol'],
  ['a line that cannot be read', { body: '+a\n.stop 1 1\n' }, 'backend-protocol'],
])('says so in words when there is %s', async (_, reply, code) => {
  server.reply(reply);
  const backend = create();
  const signal = new AbortController().signal;
  await expect(collect(backend.generate({ ...input, parameters: {}, signal }))).rejects.toMatchObject({
    code,
  });
  await backend.close();
});

it('is not ready where its server is not', async () => {
  server.reply({ status: 500 });
  const backend = create();
  expect(await backend.warmUp()).toMatchObject({ state: 'unavailable' });
  expect(backend.state()).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('500') });
  await backend.close();
});
