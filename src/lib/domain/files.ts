import type { FilePart } from './parts';

/** What is known of a file that was attached; its bytes are kept apart. */
export interface FileInfo {
  id: string;
  name: string;
  mime: string;
  /** Of an image, in pixels. */
  width?: number;
  height?: number;
  createdAt: Date;
}

/** A file with all of it. */
export interface StoredFile extends FileInfo {
  bytes: Uint8Array;
}

/** Of one file as it is sent to the server. */
export const maxFileBytes = 10 * 1024 * 1024;
/** Of one message. */
export const maxImagesPerMessage = 8;
/** Longest name, in characters. */
export const maxFileNameLength = 200;

/** The part of a message that shows this file. */
export function partOfFile({ id, name, mime, width, height }: Omit<FileInfo, 'createdAt'>): FilePart {
  return {
    type: 'file',
    fileId: id,
    name,
    mime,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
}
