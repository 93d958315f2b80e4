import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, type App } from '../app';
import {
  conversationIn,
  fold,
  generationIdOf,
  noLocalModels,
  owner,
  question,
  readAll,
} from '../generation/fixtures';

const owned: { server?: Server; app?: App } = {};
afterEach(async () => {
  await owned.app?.close();
  await down();
});

/** A server in the dialect of OpenAI with one model that says who asked it, on this port (0: any). */
async function up(port: number): Promise<number> {
  const server = createServer((request, response) => void answer(request, response));
  owned.server = server;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function down(): Promise<void> {
  const { server } = owned;
  delete owned.server;
  if (!server?.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _chunk of request);
  const send = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.headers.authorization !== 'Bearer sk-1') return void send(401, { error: { message: 'no' } });
  if (request.url === '/v1/models') {
    return void send(200, { object: 'list', data: [{ id: 'tiny', object: 'model', max_model_len: 4096 }] });
  }
  if (request.url !== '/v1/chat/completions') return void send(404, {});
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, finish_reason: string | null = null) =>
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  for (const content of ['Hello ', 'there.']) chunk({ content });
  chunk({}, 'stop');
  response.end('data: [DONE]\n\n');
}

const availability = () => owned.app?.models.list().find(({ id }) => id === 'tiny')?.availability.state;

it('answers with a model of a server that was down at the start, went away and came back', async () => {
  const port = await up(0);
  await down();
  const servers = [{ url: `http://127.0.0.1:${String(port)}/v1`, apiKey: '${KEY}', refreshMs: 1000 }];
  const models = [{ id: 'scripted', backend: { type: 'scripted', replies: [{ text: 'Local.' }] } }];
  const settings = { models: { servers, models }, environment: { KEY: 'sk-1' } };
  const app = await createApp(
    { ...settings, local: noLocalModels, dataDir: undefined },
    pino({ level: 'silent' }),
  );
  owned.app = app;
  expect(availability()).toBeUndefined();
  await up(port);
  await vi.waitFor(() => expect(availability()).toBe('ready'), 10_000);
  expect(app.models.list().at(-1)).toMatchObject({ id: 'tiny', origin: 'discovered', contextLength: 4096 });
  const id = await conversationIn(app);
  const request = question('Hi');
  const asked = { ...request, replies: request.replies.map((reply) => ({ ...reply, modelId: 'tiny' })) };
  await app.generations.start(owner, id, asked);
  expect(fold(await readAll(app, generationIdOf(asked)))).toBe('Hello there.');
  await down();
  await vi.waitFor(() => expect(availability()).toBe('unavailable'), 10_000);
  await up(port);
  await vi.waitFor(() => expect(availability()).toBe('ready'), 10_000);
});
