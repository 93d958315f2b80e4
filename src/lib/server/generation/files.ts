import { AppError } from '../../domain/errors';
import { type FileInfo, type StoredFile } from '../../domain/files';
import { cleanFileName } from '../../domain/file-name';
import { isBounded, maxImagePixels, maxImageSide, readImageFormat } from '../../domain/image-format';
import type { ModelSummary } from '../../domain/model-summary';
import { type Part, imagesOf, filesOf } from '../../domain/parts';
import { withoutMetadata } from './image-metadata/without-metadata';
import type { FileStore } from '../storage/file-store';

/** A file as it comes in. */
export interface Upload {
  /** The client's; the same again is the same file. */
  id: string;
  name: string;
  bytes: Uint8Array;
}

/** What people attach to their messages. */
export class Files {
  constructor(private readonly store: FileStore) {}

  /** Keeps an image; see `imageFile`. Until a message shows it, for a day. */
  async add(owner: string, upload: Upload): Promise<FileInfo> {
    const file = imageFile(upload, new Date());
    const outcome = await this.store.put(owner, file);
    if (outcome === 'existing') return (await this.store.info(owner, [file.id]))[0] ?? infoOf(file);
    return infoOf(file);
  }

  get(owner: string, id: string): Promise<StoredFile> {
    return this.store.get(owner, id);
  }
}

/**
 * An upload as a file. What it is comes from its bytes alone: `invalid-input`, in words for a person, when these are no
 * image that browsers and models take, or one of too many pixels. What it says beside its pixels is left out.
 */
export function imageFile({ id, name, bytes }: Upload, createdAt: Date): StoredFile {
  const format = readImageFormat(bytes);
  if (!format)
    throw new AppError('invalid-input', 'This is not an image that can be taken: JPEG, PNG, WebP or GIF.');
  if (!isBounded(format)) {
    throw new AppError(
      'invalid-input',
      `This image is too large: at most ${maxImageSide} pixels a side and ${maxImagePixels / 1_000_000} million in all.`,
    );
  }
  return {
    id,
    name: cleanFileName(name, 'image'),
    ...format,
    createdAt,
    bytes: withoutMetadata(bytes, format.mime),
  };
}

/** Refuses images that a model is not given. Those of earlier turns are only left out: see `unseenWarning`. */
export function checkSeen({ name, capabilities }: ModelSummary, parts: readonly Part[]): void {
  const images = imagesOf(parts);
  if (images.length === 0) return;
  const limits = capabilities.images;
  if (!limits)
    throw new AppError('invalid-input', `${name} cannot see images: choose another model or remove them.`);
  if (images.length > limits.maxCount) {
    throw new AppError(
      'invalid-input',
      `${name} takes ${limits.maxCount === 1 ? 'one image' : `${limits.maxCount} images`} in a message, and this one has ${images.length}.`,
    );
  }
  const other = images.find(({ mime }) => !limits.mimeTypes.includes(mime));
  if (other) throw new AppError('invalid-input', `${name} does not take images of the kind ${other.mime}.`);
}

/** The files of a message must be its owner's (`not-found`), and be what the message says of them (`invalid-input`). */
export async function checkFiles(store: FileStore, owner: string, parts: readonly Part[]): Promise<void> {
  const shown = filesOf(parts);
  if (shown.length === 0) return;
  const known = new Map(
    (
      await store.info(
        owner,
        shown.map(({ fileId }) => fileId),
      )
    ).map((file) => [file.id, file]),
  );
  for (const { fileId, mime, width, height } of imagesOf(parts)) {
    const file = known.get(fileId);
    if (file?.mime !== mime || file.width !== width || file.height !== height)
      throw new AppError('invalid-input', 'A file is not what the message says of it.');
  }
}

function infoOf({ bytes: _, ...info }: StoredFile): FileInfo {
  return info;
}
