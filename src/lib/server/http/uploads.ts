import { z } from 'zod';
import { AppError } from '../../domain/errors';
import { safeFileName } from '../../domain/file-name';
import { maxFileNameLength, type StoredFile } from '../../domain/files';
import { imageEndings, imageMimes } from '../../domain/image-format';
import { contentDisposition } from './download';
import { readBytes } from './body';

const querySchema = z.object({ id: z.uuid(), name: z.string().max(maxFileNameLength).default('') });

/** A file in the body, as it is, with its id and its name in the address. `too-large` above `maxBytes`. */
export async function readUpload(
  request: Request,
  url: URL,
  maxBytes: number,
): Promise<{ id: string; name: string; bytes: Uint8Array }> {
  const query = querySchema.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) throw new AppError('invalid-input', 'The address must have an id and may have a name.');
  return { ...query.data, bytes: await readBytes(request, maxBytes) };
}

/**
 * A file for its owner's page. Whatever is in it, it is an image or nothing: no browser guesses at it, runs anything of it,
 * or asks for it again, since under one id there is one file for ever. A proxy keeps nothing of it, and neither does a
 * browser for whoever uses it next (`vary`).
 */
export function fileResponse({ name, mime, bytes }: StoredFile): Response {
  const known = imageMimes.find((type) => type === mime);
  const stem = safeFileName(name.replace(/\.[a-z\d]{1,5}$/iu, ''), 'image');
  return new Response(Uint8Array.from(bytes), {
    headers: {
      'content-type': known ?? 'application/octet-stream',
      'content-length': String(bytes.byteLength),
      'content-disposition': contentDisposition(
        known ? 'inline' : 'attachment',
        known ? `${stem}.${imageEndings[known]}` : stem,
      ),
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
      vary: 'Cookie, Authorization',
    },
  });
}
