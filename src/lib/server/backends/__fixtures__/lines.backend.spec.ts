import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, describeBackend } from '../conformance';
import { fakeServer, type FakeReply, type FakeServer, type SeenRequest } from './fake-server';
import { linesBackend } from './lines.backend';

const words = `The quick brown fox — 狐 🦊 — jumps over the lazy dog, and then again and again until the evening comes.`;
const tokens = words.match(/\s*\S+/gu) ?? [];
const input = { kind: 'prompt', prompt: 'Once upon a time' } as const;

let server: FakeServer;
beforeAll(async () => {
  server = await fakeServer({ '/health': {}, '/write': write });
});
afterAll(() => server.close());

const create = () => linesBackend.create({ type: 'lines', url: server.url });

describeBackend('lines', { create, input, parameters: {}, unknown: { top_k: 5 } });

describe('the example of docs/add-a-backend.md', () => {
  it('is this driver, one folder further up', () => {
    const document = readFileSync('docs/add-a-backend.md', 'utf8');
    const source = readFileSync(new URL('lines.backend.ts', import.meta.url), 'utf8');
    const inPlace = source.replaceAll("'../../../", "'../../").replaceAll(/'\.\.\/(?!\.\.)/gu, "'./");
    expect(document).toContain(`\`\`\`ts\n${inPlace}\`\`\`\n`);
  });
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

function write({ body }: SeenRequest): FakeReply {
  const { tokens: limit = Infinity } = body as { tokens?: number };
  const said = tokens.slice(0, limit);
  const reason = said.length < tokens.length ? 'length' : 'stop';
  const lines = said.map((token) => `+${JSON.stringify(token)}\n`);
  return { body: [...lines, `.${reason} 4 ${String(said.length)}\n`] };
}
