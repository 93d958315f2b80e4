import { EventEmitter } from 'node:events';
import type { RequestEvent } from '@sveltejs/kit';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AppError, errorCodes } from '../../domain/errors';
import { endpoint, idParam } from './endpoint';
import { httpStatus } from './errors';

const lines: string[] = [];
const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
const schema = z.strictObject({ name: z.string(), list: z.array(z.number()).optional() });

function eventOf(body?: BodyInit, type = 'application/json'): RequestEvent {
  const request = new Request('http://localhost/api/things?x=1', {
    method: 'POST',
    headers: { 'content-type': type },
    ...(body !== undefined && { body, duplex: 'half' }),
  });
  return {
    request,
    url: new URL(request.url),
    params: { id: 'a' },
    route: { id: '/api/things' },
    locals: { app: {}, owner: 'single', requestId: 'request-1', log },
  } as unknown as RequestEvent;
}

async function answerOf(event: RequestEvent, maxBodyBytes?: number) {
  const seen = vi.fn();
  const handler = endpoint({ body: schema, ...(maxBodyBytes && { maxBodyBytes }) }, ({ body }) => {
    seen(body);
    return { body };
  });
  const response = await handler(event);
  return { status: response.status, json: (await response.json()) as unknown, seen };
}

it('gives the checked body and turns the value into JSON', async () => {
  expect(await answerOf(eventOf('{"name":"é"}', 'Application/JSON; charset=utf-8'))).toMatchObject({
    status: 200,
    json: { body: { name: 'é' } },
  });
});

it('ends the work of a client that goes, without a word of fault, and lets the connection be afterwards', async () => {
  const socket = Object.assign(new EventEmitter(), { destroyed: false });
  const event = Object.assign(eventOf('{"name":"a"}'), { platform: { req: { socket } } });
  const waiting = endpoint({ body: schema }, async ({ signal }) => {
    socket.emit('close');
    await Promise.resolve();
    signal.throwIfAborted();
  })(event);
  expect((await waiting).status).toBe(499);
  expect(lines.filter((line) => line.includes('request failed'))).toEqual([]);
  await endpoint({}, () => 'done')(Object.assign(eventOf(), { platform: { req: { socket } } }));
  expect(socket.listenerCount('close')).toBe(0);
});

it('gives everything that belongs to the request', async () => {
  const event = eventOf();
  const answer = vi.fn(() => new Date(0));
  const response = await endpoint({}, answer)(event);
  expect(answer).toHaveBeenCalledWith({
    app: {},
    owner: 'single',
    params: { id: 'a' },
    url: event.url,
    body: undefined,
    request: event.request,
    signal: event.request.signal,
    log,
  });
  expect(await response.json()).toBe('1970-01-01T00:00:00.000Z');
});

it('answers 204 to nothing and passes a response on', async () => {
  const nothing = await endpoint({}, () => undefined)(eventOf());
  expect([nothing.status, await nothing.text()]).toEqual([204, '']);
  const own = new Response('x', { status: 201 });
  expect(await endpoint({}, () => own)(eventOf())).toBe(own);
});

it.each([
  ['no JSON', '{"name"', 'The body is not JSON.'],
  ['nothing', '', 'The body is not JSON.'],
  ['bytes that are no text', new Uint8Array([0x22, 0xff, 0x22]), 'The body is not UTF-8.'],
  ['another shape', '{"name":1,"list":[1,"a"]}', 'list.1'],
  ['an unknown key', '{"name":"a","admin":true}', 'admin'],
])('refuses %s', async (_name, body, words) => {
  const { status, json, seen } = await answerOf(eventOf(body));
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: { code: 'invalid-input' }, requestId: 'request-1' });
  expect(JSON.stringify(json)).toContain(words);
  expect(seen).not.toHaveBeenCalled();
});

it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
  'answers 415 to %s',
  async (type) => {
    expect(await answerOf(eventOf('{"name":"a"}', type))).toMatchObject({
      status: 415,
      json: { error: { code: 'invalid-input' } },
    });
  },
);

it('takes a body up to the limit, and reads no further', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(50) });
  expect((await answerOf(eventOf(body), body.length)).status).toBe(200);
  expect(await answerOf(eventOf(body), body.length - 1)).toMatchObject({
    status: 413,
    json: { error: { code: 'too-large', details: { limit: body.length - 1 } } },
  });
  let pulls = 0;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1024).fill(0x20 + (pulls++ % 2))),
  });
  expect((await answerOf(eventOf(endless), 4096)).status).toBe(413);
  expect(pulls).toBeLessThan(8);
});

it('answers a body that was cut off', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
  expect(await answerOf(eventOf(broken))).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid-input' } },
  });
});

it('maps every code to a status and hides what is unexpected, but in the log', async () => {
  for (const code of errorCodes) {
    const response = await endpoint({}, () => Promise.reject(new AppError(code, 'Words.')))(eventOf());
    expect(response.status).toBe(httpStatus[code]);
    expect(response.status).toBeGreaterThanOrEqual(400);
  }
  lines.length = 0;
  const response = await endpoint({}, () => {
    throw new Error('secret');
  })(eventOf());
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(lines.join('')).toContain('secret');
});

it('never logs what a person wrote', async () => {
  lines.length = 0;
  await answerOf(eventOf('private words'));
  await answerOf(eventOf('{"name":5,"private words":1}'));
  expect(lines.join('')).not.toContain('private');
});

it('takes only ids for ids', () => {
  const id = '3f2b7c1e-8a54-4a5e-9b1c-2d3e4f5a6b7c';
  expect(idParam({ id })).toBe(id);
  expect(idParam({ other: id }, 'other')).toBe(id);
  for (const bad of [undefined, '', 'abc', '__proto__', `${id}0`, `${id}\n`]) {
    expect(() => idParam({ id: bad })).toThrow(expect.objectContaining({ code: 'not-found' }));
  }
});
