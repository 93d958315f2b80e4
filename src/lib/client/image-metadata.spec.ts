import { describe, expect, it } from 'vitest';
import { makePng } from '../domain/__fixtures__/png';
import { hasMetadata } from './image-metadata';

/** A PNG with a chunk of this kind before its end. */
function pngWith(kind: string): Buffer {
  const png = makePng(4, 4);
  const chunk = Buffer.concat([Buffer.from([0, 0, 0, 5]), Buffer.from(`${kind}place`), Buffer.alloc(4)]);
  return Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)]);
}

/** A WebP of these chunks; the pixels are of no matter. */
function webpWith(...kinds: string[]): Buffer {
  const chunks = kinds.map((kind) => Buffer.from(`${kind}\x03\0\0\0abc\0`));
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), ...chunks]);
}

describe('what an image says besides its pixels', () => {
  it.each(['eXIf', 'tEXt', 'zTXt', 'iTXt'])('is found in the chunk %s of a PNG', (kind) => {
    expect(hasMetadata(pngWith(kind))).toBe(true);
  });

  it.each(['EXIF', 'XMP '])('is found in the chunk %s of a WebP, behind others of odd length', (kind) => {
    expect(hasMetadata(webpWith('VP8X', 'VP8 ', kind))).toBe(true);
  });

  it('is not there where there are colours and pixels alone, and damaged ends are no fault', () => {
    expect(hasMetadata(makePng(4, 4))).toBe(false);
    expect(hasMetadata(pngWith('gAMA'))).toBe(false);
    expect(hasMetadata(pngWith('iTXt').subarray(0, 40))).toBe(false);
    expect(hasMetadata(webpWith('VP8X', 'VP8 '))).toBe(false);
    expect(hasMetadata(Buffer.from('GIF89a'))).toBe(false);
    expect(hasMetadata(new Uint8Array())).toBe(false);
  });
});
