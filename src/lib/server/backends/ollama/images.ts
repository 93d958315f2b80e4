import { AppError } from '../../../domain/errors';
import { imageMark, type GenerateRequest, type PromptImage } from '../backend';

type ReadFile = GenerateRequest['readFile'];

/** Images as the server takes them: base64 alone. */
export function base64Of(images: readonly PromptImage[], readFile: ReadFile): Promise<string[]> {
  return Promise.all(
    images.map(async ({ fileId }) => {
      if (!readFile) throw new AppError('internal', 'There is no way to read the images of this request.');
      return Buffer.from(await readFile(fileId)).toString('base64');
    }),
  );
}

/** A prompt with the server's own marks, `[img-0]`, where images stand. Without images, what people write stays as it is. */
export function withImageMarks(prompt: string, count: number): string {
  if (count === 0) return prompt.replaceAll(imageMark, '');
  let next = 0;
  return prompt
    .replaceAll('[img-', '[img -')
    .replaceAll(imageMark, () => (next < count ? `[img-${String(next++)}]` : ''));
}
