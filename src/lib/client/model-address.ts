/**
 * The page of a model. Ids are read as they are (`/models/org/name`) wherever a browser leaves such a path alone; those
 * that are paths of their own, as with servers that name a model by its file, are encoded as a whole.
 */
export function modelAddress(id: string): string {
  const segments = id.split('/');
  const isPlain = segments.every((segment) => !['', '.', '..'].includes(segment));
  return `/models/${isPlain ? segments.map(encodeURIComponent).join('/') : encodeURIComponent(id)}`;
}

/** A new conversation with this model, with a text in its composer if one is given. */
export function chatAddress(modelId: string, prompt?: string): string {
  return `/?${new URLSearchParams({ model: modelId, ...(prompt !== undefined && { prompt }) }).toString()}`;
}
