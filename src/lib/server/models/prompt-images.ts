import type { Message } from '../../domain/message';
import type { ImageLimits } from '../../domain/model-summary';
import { type Part, imagesOf } from '../../domain/parts';
import type { GenerateInput, PromptImage } from '../backends/backend';

/**
 * What an image is taken to cost, in tokens. Servers do not say beforehand, and models differ from about 250 to some
 * thousands. This is a little over what tiles of 512 pixels make of a wide photograph (85 + 6 × 170).
 */
export const tokensPerImage = 1200;

/** What a model reads in place of a message that was nothing but images, when it cannot see them. */
const unseenImage = '[image]';

/** The images of a message that a model with these limits is given; absent limits: it sees none. */
export function seenImages(parts: readonly Part[], limits: ImageLimits | undefined): PromptImage[] {
  if (!limits) return [];
  return imagesOf(parts)
    .filter(({ mime }) => limits.mimeTypes.includes(mime))
    .slice(0, limits.maxCount)
    .map(({ fileId, mime }) => ({ fileId, mime }));
}

/** What stands for the images of a message without a text when none of them is given. */
export function textInsteadOf(parts: readonly Part[], limits: ImageLimits | undefined): string {
  return imagesOf(parts).length > 0 && seenImages(parts, limits).length === 0 ? unseenImage : '';
}

/** Whether a backend is given images. */
export function hasImages(input: GenerateInput): boolean {
  if (input.kind === 'prompt') return input.images !== undefined;
  return input.kind === 'messages' && input.messages.some(({ images }) => images !== undefined);
}

/** A warning about images that the model is not given. */
export function unseenWarning(
  path: readonly Message[],
  limits: ImageLimits | undefined,
): { code: string; text: string } | undefined {
  const count = path.reduce(
    (sum, { parts }) => sum + imagesOf(parts).length - seenImages(parts, limits).length,
    0,
  );
  if (count === 0) return undefined;
  const images = count === 1 ? '1 image' : `${String(count)} images`;
  const text = limits
    ? `This model does not take all images: ${images} of this conversation did not reach it.`
    : `This model cannot see images: ${images} of this conversation did not reach it.`;
  return { code: 'images-left-out', text };
}
