import type { ImageMime } from '../../../domain/image-format';
import { jpegPieces } from './jpeg';
import { pngPieces } from './png';
import { webpPieces } from './webp';

const piecesOf: Partial<Record<ImageMime, (bytes: Uint8Array) => Uint8Array[] | undefined>> = {
  'image/jpeg': jpegPieces,
  'image/png': pngPieces,
  'image/webp': webpPieces,
};

/**
 * An image without what it says beside its pixels: where, when and with what it was made, and by whom. Which way up it is
 * to be shown stays, and so do its colours. The pixels are not looked at. What is damaged, and what has nothing to lose, is
 * returned as it is.
 */
export function withoutMetadata(bytes: Uint8Array, mime: ImageMime): Uint8Array {
  try {
    const pieces = piecesOf[mime]?.(bytes);
    if (!pieces) return bytes;
    const joined = Buffer.concat(pieces);
    return joined.equals(bytes) ? bytes : new Uint8Array(joined);
  } catch (thrown) {
    // It ends in the middle of what it has begun to say.
    if (thrown instanceof RangeError) return bytes;
    throw thrown;
  }
}
