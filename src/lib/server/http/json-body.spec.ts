import { expect, it } from 'vitest';
import { z } from 'zod';
import { readJsonBody } from './json-body';

const limit = 100;

function post(body: ReadableStream<Uint8Array> | string, headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', headers, body, duplex: 'half' };
  return new Request('http://localhost/', init);
}

/** A body that adapter-node refuses, by its own limit over all routes. */
const refused = () =>
  new ReadableStream<Uint8Array>({ pull: (controller) => controller.error({ status: 413 }) });

it.each([
  ['a body that turns out to be too large', 'x'.repeat(200), {}, { limit }],
  ['one that says so before', 'x'.repeat(200), { 'content-length': '200' }, { limit, size: 200 }],
  [
    'one over the limit of all routes',
    refused(),
    { 'content-length': '99999999' },
    { limit, size: 99_999_999 },
  ],
  ['one that says something else', 'x'.repeat(200), { 'content-length': '-1' }, { limit }],
])('refuses %s with the limit, and its size as far as it is known', async (_, body, headers, details) => {
  const reading = readJsonBody(post(body, headers), z.unknown(), limit);
  await expect(reading).rejects.toMatchObject({ code: 'too-large', details });
  await expect(reading).rejects.toThrow(String(limit));
});
