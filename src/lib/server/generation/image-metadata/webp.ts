import { orientationAlone, textAt, viewOf } from './exif';

const needed: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const exifFlag = 0x08;
const xmpFlag = 0x04;

/**
 * The pieces of a WebP without what cameras and programs say of it, and without what lies behind its end. `undefined` when
 * it is damaged. RFC 9649, 2.3 and 2.7; throws `RangeError` when it ends within the head of a chunk.
 */
export function webpPieces(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = viewOf(bytes);
  const end = 8 + view.getUint32(4, true);
  const chunks: Uint8Array[] = [];
  let exif: Uint8Array | undefined;
  for (let at = 12; at < Math.min(end, bytes.length);) {
    const kind = textAt(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    // Some programs leave out the byte that makes the last chunk even.
    const next = at + 8 + length + (length % 2);
    if (at + 8 + length > bytes.length) return undefined;
    if (needed.has(kind)) chunks.push(even(bytes.subarray(at, Math.min(next, bytes.length))));
    if (kind === 'EXIF') exif ??= orientationAlone(tiffIn(bytes.subarray(at + 8, at + 8 + length)));
    at = next;
  }
  const body = [...chunks.map((chunk) => withFlags(chunk, exif)), ...(exif ? [chunkOf('EXIF', exif)] : [])];
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + body.reduce((sum, { length }) => sum + length, 0), 4);
  return [head, ...body];
}

/** Some programs write the name before it that JPEG has there. */
function tiffIn(data: Uint8Array): Uint8Array {
  return textAt(data, 0, 4) === 'Exif' ? data.subarray(6) : data;
}

/** The first chunk says which others there are. */
function withFlags(chunk: Uint8Array, exif: Uint8Array | undefined): Uint8Array {
  if (textAt(chunk, 0, 4) !== 'VP8X' || chunk.length < 9) return chunk;
  const changed = Buffer.from(chunk);
  const flags = changed.readUInt8(8) & ~(exifFlag | xmpFlag);
  changed.writeUInt8(exif ? flags | exifFlag : flags, 8);
  return changed;
}

function chunkOf(kind: string, data: Uint8Array): Uint8Array {
  const head = Buffer.from(`${kind}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return even(Buffer.concat([head, data]));
}

function even(chunk: Uint8Array): Uint8Array {
  return chunk.length % 2 === 0 ? chunk : Buffer.concat([chunk, Buffer.alloc(1)]);
}
