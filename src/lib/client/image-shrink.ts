import { maxFileBytes } from '../domain/files';
import { isBounded, readImageFormat, type ImageFormat } from '../domain/image-format';
import type { ImageLimits } from '../domain/model-summary';
import { hasMetadata } from './image-metadata';

/** An image that cannot be attached; the message is for people. */
export class UnusableImage extends Error {
  override readonly name = 'UnusableImage';
}

/** Of lossy kinds, from good to what can just be looked at. */
const qualities = [0.9, 0.8, 0.65];
/** How much smaller the sides are at each attempt, and how many there are: down to a sixteenth. */
const step = 0.7;
const attempts = 8;

/**
 * An image as a model takes it: of a kind that it knows, with its longest side and its bytes within the limits. What is
 * well already stays as it is, a moving GIF, too; otherwise its first picture is drawn anew. A JPEG is drawn anew always, and
 * so is what says more than its pixels, turned as its camera says: nothing of where it was taken leaves the browser.
 * Throws `UnusableImage`.
 */
export async function shrinkImage(source: Blob, limits: ImageLimits): Promise<Blob> {
  const bytes = new Uint8Array(await source.arrayBuffer());
  const format = readImageFormat(bytes);
  if (!format) throw new UnusableImage('This is not a JPEG, PNG, WebP or GIF image.');
  if (!isBounded(format)) throw new UnusableImage('This image has too many pixels.');
  const isPlain = format.mime !== 'image/jpeg' && !hasMetadata(bytes);
  if (isPlain && isWithin(format, source.size, limits)) {
    return new Blob([source], { type: format.mime });
  }
  const bitmap = await createImageBitmap(source).catch(() => {
    throw new UnusableImage('The browser cannot read this image: it may be damaged.');
  });
  try {
    return await drawWithin(bitmap, format.mime, limits);
  } finally {
    bitmap.close();
  }
}

/** Whether an image can go as it is. */
export function isWithin(
  { mime, width, height }: { mime: string; width: number; height: number },
  size: number,
  { mimeTypes, maxPixels, maxBytes }: ImageLimits,
): boolean {
  const isSmall = Math.max(width, height) <= maxPixels && size <= Math.min(maxBytes, maxFileBytes);
  return isSmall && mimeTypes.includes(mime);
}

/** The kinds to try, the best one first: its own, then one that may lose a little and is much smaller. */
export function kindsFor(mime: ImageFormat['mime'], { mimeTypes }: ImageLimits): string[] {
  // A browser draws no GIF.
  const own = mime === 'image/gif' ? 'image/png' : mime;
  const kinds = [own, 'image/jpeg', 'image/webp', 'image/png'].filter((kind) => mimeTypes.includes(kind));
  return [...new Set(kinds)];
}

async function drawWithin(
  bitmap: ImageBitmap,
  mime: ImageFormat['mime'],
  limits: ImageLimits,
): Promise<Blob> {
  const maxBytes = Math.min(limits.maxBytes, maxFileBytes);
  let scale = Math.min(1, limits.maxPixels / Math.max(bitmap.width, bitmap.height));
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    for (const kind of kindsFor(mime, limits)) {
      const canvas = drawn(bitmap, scale, kind);
      for (const quality of kind === 'image/png' ? [1] : qualities) {
        const blob = await encoded(canvas, kind, quality);
        // A browser that cannot write a kind writes PNG.
        if (blob && limits.mimeTypes.includes(blob.type) && blob.size <= maxBytes) return blob;
      }
    }
    scale *= step;
  }
  throw new UnusableImage('This image cannot be made small enough for the model.');
}

function drawn(bitmap: ImageBitmap, scale: number, kind: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new UnusableImage('This browser cannot draw images.');
  if (kind === 'image/jpeg') {
    // It has no transparency; black would hide what is drawn in black.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function encoded(canvas: HTMLCanvasElement, kind: string, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, kind, quality));
}
