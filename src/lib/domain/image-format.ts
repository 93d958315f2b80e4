/** What the first bytes of an image say of it. */
export interface ImageFormat {
  mime: ImageMime;
  width: number;
  height: number;
}

export const imageMimes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const;
export type ImageMime = (typeof imageMimes)[number];

/** The usual ending of a file of each kind. */
export const imageEndings: Readonly<Record<ImageMime, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** Longest side that is taken, and most pixels: what unpacks to more costs a browser, or a model's server, its memory. */
export const maxImageSide = 16_384;
export const maxImagePixels = 100_000_000;

/**
 * What an image is, by its bytes and never by its name. `undefined`: it is none of JPEG, PNG, WebP and GIF, or its header is
 * damaged. The size of a JPEG is that before any turn that its Exif data asks for.
 */
export function readImageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const format = readPng(view) ?? readGif(view) ?? readWebp(view) ?? readJpeg(view);
    return format && format.width > 0 && format.height > 0 ? format : undefined;
  } catch (thrown) {
    // The header goes on behind the end of the file.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

/** Whether an image is of a size that is taken. */
export function isBounded({ width, height }: Pick<ImageFormat, 'width' | 'height'>): boolean {
  return Math.max(width, height) <= maxImageSide && width * height <= maxImagePixels;
}

/** PNG (third edition), 5.2 and 11.2.1: the signature, then the chunk IHDR. */
function readPng(view: DataView): ImageFormat | undefined {
  const isPng = startsWith(view, 0, '\x89PNG\r\n\x1A\n') && startsWith(view, 12, 'IHDR');
  return isPng ? { mime: 'image/png', width: view.getUint32(16), height: view.getUint32(20) } : undefined;
}

/** GIF89a, 18: the logical screen. */
function readGif(view: DataView): ImageFormat | undefined {
  if (!startsWith(view, 0, 'GIF87a') && !startsWith(view, 0, 'GIF89a')) return undefined;
  return { mime: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** RFC 9649: a RIFF container whose first chunk is of one of three kinds. */
function readWebp(view: DataView): ImageFormat | undefined {
  if (!startsWith(view, 0, 'RIFF') || !startsWith(view, 8, 'WEBP')) return undefined;
  const mime = 'image/webp';
  if (startsWith(view, 12, 'VP8X')) {
    return { mime, width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  }
  if (startsWith(view, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return { mime, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (!startsWith(view, 12, 'VP8 ') || !startsWith(view, 23, '\x9D\x01\x2A')) return undefined;
  return { mime, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** ITU T.81, B.1 and B.2: segments up to the first that begins a frame. */
function readJpeg(view: DataView): ImageFormat | undefined {
  if (!startsWith(view, 0, '\xFF\xD8\xFF')) return undefined;
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    // Filling before a marker, and markers without a segment.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (isFrame(marker))
      return { mime: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // Picture data, or the end, before any frame.
    else if (marker === 0xda || marker === 0xd9) return undefined;
    else at += 2 + Math.max(view.getUint16(at + 2), 2);
  }
}

/** SOF0 to SOF15, without the three of these numbers that mean tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function startsWith(view: DataView, at: number, text: string): boolean {
  if (view.byteLength < at + text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (view.getUint8(at + index) !== text.charCodeAt(index)) return false;
  }
  return true;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
}
