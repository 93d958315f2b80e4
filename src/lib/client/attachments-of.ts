import type { FilePart } from '../domain/parts';
import type { ImageLimits } from '../domain/model-summary';
import { ApiError } from './api';
import { Attachments } from './attachments.svelte';
import { keepDraftImages } from './draft';
import { shrinkImage } from './image-shrink';
import { fileAddress, uploadFile } from './upload';

/**
 * The images of the message that is being written in a conversation. `draftOf` is the conversation (`null`: not begun),
 * `limits` what the chosen model takes.
 */
export function attachmentsOf(
  draftOf: () => string | null,
  limits: () => ImageLimits | undefined,
): Attachments {
  return new Attachments({
    limits,
    shrink: shrinkImage,
    upload: uploadFile,
    download: downloadFile,
    keep: (parts) => keepDraftImages(draftOf(), parts),
  });
}

async function downloadFile({ fileId }: FilePart): Promise<Blob> {
  const response = await fetch(fileAddress(fileId));
  if (response.ok) return response.blob();
  const message = 'It is no longer kept. Attach it again.';
  throw new ApiError({ code: 'not-found', message, retryable: false }, true);
}
