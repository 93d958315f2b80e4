import { connect } from 'node:net';
import { Agent, request } from 'node:http';
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '../../domain/errors';
import { configureAdapter } from './internal-headers';
import { createHttpServer, type Handler } from './server';
import { shutdownOf } from './shutdown';

const log = pino({ level: 'silent' });
const env = { host: '127.0.0.1', allowedOrigins: [], trustedProxies: [] };
const timeouts = { headersMs: 200, requestMs: 300, checkEveryMs: 50 };
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(handler: Handler): Promise<Server> {
  const server = createHttpServer({ handler, env, log, timeouts });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

interface Answer {
  response: IncomingMessage;
  text: string;
}

function ask(server: Server, options: RequestOptions & { body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: portOf(server), host: '127.0.0.1', ...options }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ response, text }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** What the server says to these bytes until it closes the connection. */
function raw(server: Server, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(server), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

const echoHeaders: Handler = (incoming, response) => response.end(JSON.stringify(incoming.headers));

it('writes the internal headers itself, and drops ids that a client made up', async () => {
  const server = await serve(echoHeaders);
  const headers = {
    'x-parlance-protocol': 'https',
    'x-parlance-host': 'evil.example',
    'x-parlance-address': '1.2.3.4',
    'x-forwarded-proto': 'https',
    'x-request-id': 'made-up-id',
  };
  const { text } = await ask(server, { headers });
  expect(JSON.parse(text)).toMatchObject({
    'x-parlance-protocol': 'http',
    'x-parlance-host': `127.0.0.1:${portOf(server)}`,
    'x-parlance-address': '127.0.0.1',
  });
  expect(JSON.parse(text)).not.toHaveProperty('x-request-id');
});

it('refuses what breaks a rule before the handler sees it, with headers for safety', async () => {
  const handler = vi.fn(echoHeaders);
  const server = await serve(handler);
  const foreign = await ask(server, { headers: { host: 'evil.example' } });
  const change = await ask(server, { method: 'DELETE', path: '/x' });
  expect([foreign.response.statusCode, change.response.statusCode]).toEqual([403, 403]);
  expect(JSON.parse(change.text)).toMatchObject({ error: { code: 'forbidden', retryable: false } });
  expect(change.response.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(handler).not.toHaveBeenCalled();
});

it('answers a fault of the handler without its words, and goes on', async () => {
  const server = await serve(({ url }) => {
    if (url === '/sync') throw new Error('secret');
    if (url === '/known') throw new AppError('too-large', 'Too large.');
    return Promise.reject(new Error('secret'));
  });
  for (const path of ['/sync', '/async']) {
    const { response, text } = await ask(server, { path });
    expect(response.statusCode).toBe(500);
    expect(text).not.toContain('secret');
  }
  expect((await ask(server, { path: '/known' })).response.statusCode).toBe(413);
});

it('answers 404 to what the handler passes on', async () => {
  const server = await serve((_request, _response, next) => next());
  expect((await ask(server)).response.statusCode).toBe(404);
});

it('answers 400 to what is not HTTP and 431 to headers over 16 KiB', async () => {
  const server = await serve(echoHeaders);
  expect(await raw(server, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /u);
  expect(await raw(server, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /u);
  const big = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`;
  expect(await raw(server, big)).toMatch(/^HTTP\/1.1 431 /u);
});

it('cuts off headers and bodies that do not arrive in time, but not a long answer', async () => {
  const slow: Handler = (incoming, response) => {
    if (incoming.method !== 'GET') return;
    setTimeout(() => response.end('late'), 600);
  };
  const server = await serve(slow);
  const host = 'Host: localhost\r\n';
  const [headers, body, answer] = await Promise.all([
    raw(server, `GET / HTTP/1.1\r\n${host}`),
    raw(server, `POST / HTTP/1.1\r\n${host}Origin: http://localhost\r\nContent-Length: 9\r\n\r\nabc`),
    ask(server),
  ]);
  expect(headers).toMatch(/^HTTP\/1.1 408 /u);
  expect(body).toMatch(/^HTTP\/1.1 408 /u);
  expect(answer.text).toBe('late');
});

it('sets what adapter-node reads, whatever was there', () => {
  const environment = { ORIGIN: 'x', PORT_HEADER: 'x', XFF_DEPTH: 'x', BODY_SIZE_LIMIT: '1', HOST: '::1' };
  configureAdapter(environment);
  expect(environment).toEqual({
    HOST: '::1',
    PROTOCOL_HEADER: 'x-parlance-protocol',
    HOST_HEADER: 'x-parlance-host',
    ADDRESS_HEADER: 'x-parlance-address',
    BODY_SIZE_LIMIT: String(32 * 1024 * 1024),
  });
});

it('stops once the streams have ended, and keeps no idle connection', async () => {
  let onBegun = (_response: ServerResponse) => {};
  const begun = new Promise<ServerResponse>((resolve) => (onBegun = resolve));
  const server = await serve((_request, response) => {
    response.write('begun');
    onBegun(response);
  });
  const agent = new Agent({ keepAlive: true });
  const stream = ask(server, { agent });
  const response = await begun;
  const exit = vi.fn();
  shutdownOf({ server, closeApp: () => Promise.resolve(void response.end()), log, exit })('SIGTERM');
  expect((await stream).text).toBe('begun');
  await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(0));
  expect(server.listening).toBe(false);
  agent.destroy();
});

it('exits with 1 when stopping takes too long, and at once at the second signal', async () => {
  const server = await serve(() => undefined);
  const exit = vi.fn();
  const never = () => new Promise<void>(() => undefined);
  const stop = shutdownOf({ server, closeApp: never, log, exit, limitMs: 50 });
  stop('SIGTERM');
  await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(1));
  stop('SIGTERM');
  expect(exit).toHaveBeenCalledTimes(2);
});
