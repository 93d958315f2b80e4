import { expect, it } from 'vitest';
import { logoResponse } from './logo';

const picture = { mime: 'image/svg+xml', bytes: Buffer.from('<svg/>'), version: 'v1' };
const ask = (query = '', headers: Record<string, string> = {}) => {
  const url = new URL(`http://chat/api/models/a/b/logo${query}`);
  return logoResponse(picture, url, new Request(url, { headers }));
};

it('is kept for good under the address with its version, and looked at again under any other', async () => {
  const response = ask('?v=v1');
  expect(await response.text()).toBe('<svg/>');
  expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  for (const query of ['', '?v=v0'])
    expect(ask(query).headers.get('cache-control')).toBe('private, no-cache');
  expect(ask('', { 'if-none-match': '"v1"' }).status).toBe(304);
  expect(ask('', { 'if-none-match': '"v0"' }).status).toBe(200);
});

it('runs and loads nothing, whatever the picture says', () => {
  const { headers } = ask();
  expect(headers.get('content-type')).toBe('image/svg+xml');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*; sandbox$/u);
});
