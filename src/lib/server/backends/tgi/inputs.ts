import { AppError } from '../../../domain/errors';
import { imageMark, type GenerateRequest, type PromptImage } from '../backend';

export interface ImageRoom {
  /** Bytes that text and images may have together. */
  bytes: number;
  readFile: GenerateRequest['readFile'];
}

export interface Inputs {
  text: string;
  /** Images that are not in it. */
  leftOut: number;
}

/**
 * The prompt with its images where their marks stand, as the server finds them: `![](data:image/png;base64,...)`. Of more
 * than a request may hold, the newest stay. Without `room` the model does not see, and gets none: the server would let it
 * read the base64. What people write in this form is broken up, since the server would fetch any address that stands in it.
 */
export async function inputsWithImages(
  prompt: string,
  images: readonly PromptImage[],
  room: ImageRoom | undefined,
): Promise<Inputs> {
  const texts = prompt.split(imageMark);
  if (!room) return { text: texts.join(''), leftOut: images.length };
  const safe = texts.map((text) => text.replaceAll('![](', '![ ]('));
  const written = await Promise.all(images.slice(0, texts.length - 1).map((image) => dataImage(image, room)));
  let left = room.bytes - safe.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  // Once one does not fit, none before it is sent either: an answer to half of a series would surprise.
  const firstSent = written.findLastIndex((image) => (left -= image.length) < 0) + 1;
  const sent = written.map((image, index) => (index < firstSent ? '' : image));
  return {
    text: safe.map((text, index) => text + (sent[index] ?? '')).join(''),
    leftOut: images.length - sent.length + firstSent,
  };
}

async function dataImage({ fileId, mime }: PromptImage, { readFile }: ImageRoom): Promise<string> {
  if (!readFile) throw new AppError('internal', 'There is no way to read the images of this request.');
  const bytes = await readFile(fileId);
  return `![](data:${mime};base64,${Buffer.from(bytes).toString('base64')})`;
}
