import { describe, expect, it } from 'vitest';
import { makePng } from './__fixtures__/png';
import { isBounded, readImageFormat } from './image-format';

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    ),
  );

const frame = [0xff, 0xc2, 0, 17, 8, 0x01, 0x2c, 0x02, 0x58, 3];
const jpeg = bytes('\xff\xd8', [0xff, 0xe1, 0, 6, 69, 120, 105, 102, 0xff], [0xff, 0xc4, 0, 2], frame);
const samples: [string, Uint8Array, object][] = [
  ['PNG', makePng(7, 3), { mime: 'image/png', width: 7, height: 3 }],
  ['GIF', bytes('GIF89a', [0x2c, 0x01, 5, 0, 0, 0, 0]), { mime: 'image/gif', width: 300, height: 5 }],
  ['JPEG, progressive, after other segments', jpeg, { mime: 'image/jpeg', width: 600, height: 300 }],
  [
    'WebP, lossy',
    bytes('RIFF\0\0\0\0WEBPVP8 \0\0\0\0', [0, 0, 0, 0x9d, 1, 0x2a, 0x2c, 0x41, 5, 0]),
    { mime: 'image/webp', width: 300, height: 5 },
  ],
  [
    'WebP, lossless',
    bytes('RIFF\0\0\0\0WEBPVP8L\0\0\0\0', [0x2f, 0x2b, 0x01, 0x01, 0]),
    { mime: 'image/webp', width: 300, height: 5 },
  ],
  [
    'WebP, extended',
    bytes('RIFF\0\0\0\0WEBPVP8X\0\0\0\0', [0, 0, 0, 0, 0x2b, 1, 0, 4, 0, 0]),
    { mime: 'image/webp', width: 300, height: 5 },
  ],
];

describe('what an image is', () => {
  it.each(samples)('is read from its bytes: %s', (_, sample, format) => {
    expect(readImageFormat(sample)).toEqual(format);
  });

  it.each(samples)('is not said of a beginning that is cut off: %s', (_, sample) => {
    for (let length = 0; length < 10; length += 1) {
      expect(readImageFormat(sample.subarray(0, length)), String(length)).toBeUndefined();
    }
  });

  it.each([
    ['nothing', ''],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['PDF', '%PDF-1.7 and more'],
    ['BMP', 'BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0'],
    ['a RIFF file of sound', 'RIFF\0\0\0\0WAVEfmt \0\0\0\0\0\0\0\0'],
    ['a JPEG without a frame', '\xff\xd8\xff\xda\0\x04\0\0'],
    ['a JPEG whose segments lead nowhere', '\xff\xd8\xff\xe0\0\x04\0\0\0\0\0\0'],
  ])('is refused: %s', (_, text) => {
    expect(readImageFormat(bytes(text))).toBeUndefined();
  });

  it('is refused without an area', () => {
    expect(readImageFormat(bytes('GIF89a', [0, 0, 5, 0]))).toBeUndefined();
  });

  it('is bounded, in its sides and in its area', () => {
    expect(isBounded({ width: 16_384, height: 6_000 })).toBe(true);
    expect(isBounded({ width: 16_385, height: 1 })).toBe(false);
    expect(isBounded({ width: 16_000, height: 16_000 })).toBe(false);
  });
});
