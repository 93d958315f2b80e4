import { z } from 'zod';
import { maxFileBytes, maxFileNameLength } from './files';
import { imageMimes, maxImageSide } from './image-format';
import type { FilePart } from './parts';

const known = {
  name: z.string().min(1).max(maxFileNameLength),
  mime: z.enum(imageMimes),
  width: z.int().min(1).max(maxImageSide).optional(),
  height: z.int().min(1).max(maxImageSide).optional(),
};

/** The part of a message that shows a file. */
export const filePartSchema = z.strictObject({
  type: z.literal('file'),
  fileId: z.uuid(),
  ...known,
} satisfies Record<keyof FilePart, z.ZodType>);

/** Four characters of base64 for three bytes. */
const maxFileCharacters = Math.ceil(maxFileBytes / 3) * 4;

/** A file as a document of conversations has it. */
export const portableFileSchema = z.strictObject({
  id: z.uuid(),
  ...known,
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  bytes: z.base64().min(1).max(maxFileCharacters),
});
