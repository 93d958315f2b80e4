import { orientationAlone, textAt, viewOf } from './exif';

const exifName = 'Exif\0\0';
/** Beginnings of segments for applications without which a picture has other colours or another size. */
const needed: Readonly<Record<number, string>> = { 0xe0: 'JFIF\0', 0xe2: 'ICC_PROFILE\0', 0xee: 'Adobe' };
const comment = 0xfe;
const startOfScan = 0xda;
const endOfImage = 0xd9;

/**
 * The pieces of a JPEG without what cameras and programs say of it, and without what lies behind its end: other pictures,
 * and films. `undefined` when it is damaged. ITU T.81, B.1; throws `RangeError` when it ends within a segment.
 */
export function jpegPieces(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, 2)];
  for (let at = 2; at < bytes.length;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + (isBare(marker) ? 0 : view.getUint16(at + 2));
    if (end > bytes.length) return undefined;
    // One whose picture breaks off ends there.
    const next = marker === startOfScan ? endOfScan(bytes, end) : end;
    kept.push(...keptOf(marker, bytes.subarray(at, next)));
    if (marker === endOfImage) return kept;
    at = next;
  }
  return kept;
}

function keptOf(marker: number, segment: Uint8Array): Uint8Array[] {
  if (marker === comment) return [];
  if (marker < 0xe0 || marker > 0xef) return [segment];
  const begins = (text: string) => textAt(segment, 4, text.length) === text;
  const name = needed[marker];
  if (name !== undefined && begins(name)) return [segment];
  if (marker !== 0xe1 || !begins(exifName)) return [];
  const exif = orientationAlone(segment.subarray(4 + exifName.length));
  return exif ? [segmentOf(marker, Buffer.concat([Buffer.from(exifName, 'latin1'), exif]))] : [];
}

function segmentOf(marker: number, data: Uint8Array): Uint8Array {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** Markers without a segment. */
function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= endOfImage);
}

/** Where the next marker is. In picture data, 0xFF is followed by 0, or begins a mark to start over. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}
