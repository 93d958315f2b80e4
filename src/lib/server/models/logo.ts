import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../domain/errors';

/** The picture of a model. */
export interface Logo {
  mime: string;
  bytes: Uint8Array;
  /** Another one when the picture is another one. */
  version: string;
}

const maxBytes = 1024 * 1024;

/** What files of each kind begin with. The name of a file, and what an address says of itself, prove nothing. */
const beginnings: [mime: string, pattern: RegExp][] = [
  ['image/png', /^\x89PNG\r\n/u],
  ['image/jpeg', /^\xFF\xD8\xFF/u],
  ['image/gif', /^GIF8/u],
  ['image/webp', /^RIFF[^]{4}WEBP/u],
  ['image/avif', /^[^]{4}ftypavi/u],
  ['image/svg+xml', /^(?:\xEF\xBB\xBF)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/iu],
];

/** Reads a picture from a file or a `data:` address. Throws `config-invalid` that says why it cannot be used. */
export async function readLogo(place: string): Promise<Logo> {
  const bytes = place.startsWith('data:') ? fromAddress(place) : await fromFile(place);
  if (bytes.length > maxBytes) throw unusable('is larger than 1 MiB');
  const start = Buffer.from(bytes.subarray(0, 400)).toString('latin1');
  const mime = beginnings.find(([, pattern]) => pattern.test(start))?.[0];
  if (mime === undefined) throw unusable('is not a picture (PNG, JPEG, WebP, GIF, AVIF or SVG)');
  const version = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  return { mime, bytes, version };
}

function fromAddress(address: string): Uint8Array {
  const match = /^data:[^,]*?(;base64)?,(.*)$/isu.exec(address);
  if (!match) throw unusable('is not a data: address');
  const [, base64, data = ''] = match;
  try {
    return Buffer.from(base64 ? data : decodeURIComponent(data), base64 ? 'base64' : 'utf8');
  } catch (cause) {
    throw unusable('is not a data: address', cause);
  }
}

async function fromFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw unusable(`cannot be read${code}`, cause);
  }
}

function unusable(why: string, cause?: unknown): AppError {
  return new AppError('config-invalid', why, { cause });
}
