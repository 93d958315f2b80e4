import { crc32 } from 'node:zlib';
import { orientationAlone, textAt, viewOf } from './exif';

const signatureBytes = 8;
/** PNG (third edition), 11.3: what a picture looks like depends on these. All that is critical has a capital first. */
const needed: ReadonlySet<string> = new Set([
  ...['tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'hIST', 'pHYs', 'sPLT'],
  ...['acTL', 'fcTL', 'fdAT'],
]);

/**
 * The pieces of a PNG without texts, times and what cameras say of it, and without what lies behind its end. `undefined`
 * when it is damaged; throws `RangeError` when it ends within the head of a chunk.
 */
export function pngPieces(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, signatureBytes)];
  for (let at = signatureBytes; at < bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    const kind = textAt(bytes, at + 4, 4);
    if (end > bytes.length || !/^[A-Za-z]{4}$/u.test(kind)) return undefined;
    if (/^[A-Z]/u.test(kind) || needed.has(kind)) kept.push(bytes.subarray(at, end));
    const exif = kind === 'eXIf' ? orientationAlone(bytes.subarray(at + 8, at + 8 + length)) : undefined;
    if (exif) kept.push(chunkOf(kind, exif));
    if (kind === 'IEND') return kept;
    at = end;
  }
  return kept;
}

/** Length, kind, data, and the checksum of both of these. */
function chunkOf(kind: string, data: Uint8Array): Uint8Array {
  const checked = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(checked));
  return Buffer.concat([length, checked, sum]);
}
