import { describe, expect, it } from 'vitest';
import { makePng } from '../domain/__fixtures__/png';
import { usualImages } from '../domain/model-summary';
import { isWithin, kindsFor, shrinkImage } from './image-shrink';

const blobOf = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]);

describe('shrinking an image', () => {
  it('leaves what is well as it is, and says what it is', async () => {
    const png = makePng(20, 10);
    const kept = await shrinkImage(blobOf(png), usualImages);
    expect(kept.type).toBe('image/png');
    expect(Buffer.from(await kept.arrayBuffer()).equals(png)).toBe(true);
  });

  it('refuses what is no image, and what would unpack to too much', async () => {
    await expect(shrinkImage(new Blob(['<svg/>']), usualImages)).rejects.toThrow('not a JPEG, PNG');
    const bomb = makePng(1, 1);
    bomb.writeUInt32BE(50_000, 16);
    await expect(shrinkImage(blobOf(bomb), usualImages)).rejects.toThrow('too many pixels');
  });

  it.each([
    [{ mime: 'image/png', width: 2048, height: 5 }, 4_000_000, true],
    [{ mime: 'image/png', width: 5, height: 2049 }, 9, false],
    [{ mime: 'image/png', width: 5, height: 5 }, usualImages.maxBytes + 1, false],
    [{ mime: 'image/gif', width: 5, height: 5 }, 9, false],
  ])('%o of %i bytes is within the limits: %s', (format, size, isFine) => {
    const limits = { ...usualImages, mimeTypes: ['image/png', 'image/jpeg'] };
    expect(isWithin(format, size, limits)).toBe(isFine);
  });

  it('goes on to smaller kinds that the model takes', () => {
    expect(kindsFor('image/png', usualImages)).toEqual(['image/png', 'image/jpeg', 'image/webp']);
    expect(kindsFor('image/gif', { ...usualImages, mimeTypes: ['image/gif', 'image/jpeg'] })).toEqual([
      'image/jpeg',
    ]);
    expect(kindsFor('image/webp', { ...usualImages, mimeTypes: ['image/png'] })).toEqual(['image/png']);
  });
});
