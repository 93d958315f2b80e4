import type { ModelSummary } from '../domain/model-summary';
import type { Attachment } from './attachments.svelte';

/** Why a message with these images cannot go to this model; `null` when it can. */
export function imagesBlocked(
  model: Pick<ModelSummary, 'name' | 'capabilities'> | undefined,
  items: readonly Pick<Attachment, 'state'>[],
): string | null {
  if (items.length === 0 || !model) return null;
  const { images } = model.capabilities;
  const [it, an] = items.length === 1 ? ['it', 'The image'] : ['them', 'An image'];
  if (!images) return `${model.name} cannot see images: choose another model or remove ${it}.`;
  if (items.length > images.maxCount) {
    const most = images.maxCount === 1 ? 'one image' : `${String(images.maxCount)} images`;
    return `${model.name} takes at most ${most} in a message: remove some, or choose another model.`;
  }
  if (items.some(({ state }) => state === 'failed'))
    return `${an} did not get through: try again, or remove it.`;
  return null;
}

/** Why images cannot be attached for this model; `null` when they can. */
export function attachingBlocked(
  model: Pick<ModelSummary, 'name' | 'capabilities'> | undefined,
): string | null {
  if (!model || model.capabilities.images) return null;
  return `${model.name} cannot see images. To attach some, choose another model.`;
}
