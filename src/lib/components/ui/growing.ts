import type { Attachment } from 'svelte/attachments';

/**
 * A field that is as high as its text. Where the browser cannot do it by itself, its own scroll height says how high;
 * `text` is what the field holds, so that it is measured again when that changes.
 */
export function growing(text: () => string): Attachment<HTMLTextAreaElement> {
  return (field) => {
    if (text() === undefined || CSS.supports('field-sizing', 'content')) return;
    field.style.height = 'auto';
    field.style.height = `${String(field.scrollHeight)}px`;
  };
}
