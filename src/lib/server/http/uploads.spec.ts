import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoredFile } from '../../domain/files';
import { fileResponse, readUpload } from './uploads';

function sent(query: string, body: Uint8Array | string = 'bytes', maxBytes = 100) {
  const url = new URL(`http://localhost/api/files?${query}`);
  return readUpload(
    new Request(url, { method: 'POST', body: Uint8Array.from(Buffer.from(body)) }),
    url,
    maxBytes,
  );
}
const shown = (changes: Partial<StoredFile>) =>
  fileResponse({
    id: '',
    name: 'a.png',
    mime: 'image/png',
    createdAt: new Date(0),
    bytes: new Uint8Array(3),
    ...changes,
  });

describe('an upload', () => {
  it('has its bytes in the body, and its id and name in the address', async () => {
    const id = randomUUID();
    const { bytes, ...rest } = await sent(`id=${id}&name=${encodeURIComponent('ö.png')}`);
    expect(rest).toEqual({ id, name: 'ö.png' });
    expect(Buffer.from(bytes).toString()).toBe('bytes');
    expect(await sent(`id=${id}`)).toMatchObject({ name: '' });
  });

  it.each([
    ['without an id', '', 'x', 'invalid-input'],
    ['with an id that is none', 'id=1', 'x', 'invalid-input'],
    ['with a name without end', `id=${randomUUID()}&name=${'x'.repeat(201)}`, 'x', 'invalid-input'],
    ['with too many bytes', `id=${randomUUID()}`, 'x'.repeat(101), 'too-large'],
  ])('is refused %s', async (_, query, body, code) => {
    await expect(sent(query, body)).rejects.toMatchObject({ code });
  });
});

describe('a file for a page', () => {
  it.each([
    ['image/webp', 'photo.PNG', 'image/webp', 'inline; filename="photo.webp"'],
    ['image/png', '../a"b\r\n.html', 'image/png', 'inline; filename="a b.png"'],
    ['image/svg+xml', 'a.svg', 'application/octet-stream', 'attachment; filename="a"'],
    ['text/html', '', 'application/octet-stream', 'attachment; filename="image"'],
  ])('of the type %s with the name %j', (mime, name, type, disposition) => {
    const { headers } = shown({ mime, name });
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toContain(disposition);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('content-length')).toBe('3');
  });
});
