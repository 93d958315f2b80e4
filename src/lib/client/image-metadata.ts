/** PNG (third edition), 11.3.3 and 11.3.4: what a program or a camera says of a picture. XMP is in `iTXt`. */
const pngKinds: ReadonlySet<string> = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt']);
/** RFC 9649, 2.7.1.5. */
const webpKinds: ReadonlySet<string> = new Set(['EXIF', 'XMP ']);

/** Whether a PNG or WebP says more than its pixels: where and with what it was made, say. Of other kinds nothing is known. */
export function hasMetadata(bytes: Uint8Array): boolean {
  const isPng = textAt(bytes, 1, 3) === 'PNG';
  const [kinds, telling] = isPng ? [pngChunks(bytes), pngKinds] : [webpChunks(bytes), webpKinds];
  for (const kind of kinds) if (telling.has(kind)) return true;
  return false;
}

/** Each: length, kind, data, checksum. */
function* pngChunks(bytes: Uint8Array): Generator<string> {
  const view = viewOf(bytes);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) yield textAt(bytes, at + 4, 4);
}

/** Each: kind, length, data, and a byte where that is odd. */
function* webpChunks(bytes: Uint8Array): Generator<string> {
  if (textAt(bytes, 8, 4) !== 'WEBP') return;
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    yield textAt(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length % 2);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
