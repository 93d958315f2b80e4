import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compressed } from './compress';
import { startupMessage } from './startup-message';

const text = 'words and words '.repeat(200);

function answered(
  acceptEncoding: string,
  headers: Record<string, string> = { 'content-type': 'text/html' },
  body = text,
) {
  const request = new Request('http://localhost/', { headers: { 'accept-encoding': acceptEncoding } });
  return compressed(request, new Response(body, { headers }));
}

it('compresses pages for those who take it', async () => {
  const response = answered('br, gzip');
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('vary')).toBe('Accept-Encoding');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.length).toBeLessThan(text.length / 5);
  expect(gunzipSync(bytes).toString()).toBe(text);
});

it.each(['', 'br', 'identity', 'gzip;q=0'])('leaves a page as it is for "%s"', async (accept) => {
  const response = answered(accept);
  expect(response.headers.has('content-encoding')).toBe(false);
  expect(await response.text()).toBe(text);
});

it('leaves streams of events, small answers and packed ones alone', () => {
  for (const headers of <Record<string, string>[]>[
    { 'content-type': 'text/event-stream' },
    { 'content-type': 'text/html', 'content-length': '10' },
    { 'content-type': 'text/html', 'content-encoding': 'br' },
  ]) {
    expect(answered('gzip', headers).headers.get('content-encoding')).not.toBe('gzip');
  }
});

it('sends what a page streams as it comes', async () => {
  let enqueue = (_text: string) => {};
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (enqueue = (words) => controller.enqueue(new TextEncoder().encode(words))),
  });
  const request = new Request('http://localhost/', { headers: { 'accept-encoding': 'gzip' } });
  const packed = compressed(request, new Response(body, { headers: { 'content-type': 'text/html' } }));
  enqueue('first');
  const reader = packed.body
    ?.pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair)
    .getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value as Uint8Array)).toBe('first');
});

it('says where to open, which model answers and where the data lies', () => {
  const access = { access: 'single' } as const;
  const facts = { port: 3000, dataDir: '/data', access, model: 'SmolLM2 135M' };
  const local = startupMessage({ ...facts, host: '127.0.0.1' }, ['192.168.0.2']);
  expect(local).toMatch(/http:\/\/localhost:3000\n[^]*SmolLM2 135M\n[^]*\/data\n/u);
  expect(local).not.toContain('192.168');
  const entrance = { token: 'secret' };
  const open = startupMessage({ ...facts, host: '0.0.0.0', access: { ...access, entrance } }, [
    '192.168.0.2',
  ]);
  expect(open).toContain('http://localhost:3000/?token=secret\n');
  expect(open).toContain('http://192.168.0.2:3000/?token=secret\n');
  expect(startupMessage({ ...facts, host: 'fd00::1' }, [])).toContain('http://[fd00::1]:3000\n');
  const shared = startupMessage({ ...facts, host: '0.0.0.0', access: { access: 'anonymous', entrance } }, [
    '192.168.0.2',
  ]);
  expect(shared).toContain('is ready: http://localhost:3000\n');
  expect(shared).toContain('From other devices: http://192.168.0.2:3000\n');
  expect(shared).toContain('Administrator:     http://localhost:3000/login?token=secret\n');
  expect(local + open).not.toContain('Administrator');
});
