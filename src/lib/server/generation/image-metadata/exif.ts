const orientationTag = 0x0112;
const shortType = 3;

/**
 * Which way up a picture is to be shown, from its Exif data (a TIFF header with its tags): 2 to 8. `undefined` when that is
 * as it is stored, or when the data is damaged. Exif 2.32, 4.6.4.
 */
export function orientationIn(tiff: Uint8Array): number | undefined {
  const view = viewOf(tiff);
  try {
    const order = view.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return undefined;
    const isLittle = order === 0x4949;
    const first = view.getUint32(4, isLittle);
    const count = view.getUint16(first, isLittle);
    for (let at = first + 2; at < first + 2 + count * 12; at += 12) {
      if (view.getUint16(at, isLittle) !== orientationTag) continue;
      const value = view.getUint16(at + 8, isLittle);
      return view.getUint16(at + 2, isLittle) === shortType && value >= 2 && value <= 8 ? value : undefined;
    }
    return undefined;
  } catch (thrown) {
    // A tag leads behind the end.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

/** Exif data that says which way up a picture is, and nothing else. */
export function exifOf(orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  // Big-endian, 42, where the tags begin, how many there are, and the tag; after it the 0 of "no more".
  view.setUint32(0, 0x4d4d002a);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, orientationTag);
  view.setUint16(12, shortType);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}

/** What is left of Exif data: nothing, where the picture is shown as it is stored. */
export function orientationAlone(tiff: Uint8Array): Uint8Array | undefined {
  const orientation = orientationIn(tiff);
  return orientation === undefined ? undefined : exifOf(orientation);
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Bytes as text, each a character. */
export function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
