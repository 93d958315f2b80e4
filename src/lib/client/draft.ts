import type { FilePart } from '../domain/parts';
import { keep, readKept, readKeptList } from './browser-storage';

/** What is being written: the text of the field, and long pasted texts, which are folded. */
export interface Draft {
  text: string;
  pasted: string[];
}

/** Longer pasted texts are folded, in characters. */
export const foldFrom = 4_000;

/**
 * Where the draft of a conversation is kept; `null`: of one that is not begun. Pasted texts have a place of their own, so
 * that a key that is pressed does not write a megabyte.
 */
const textKey = (conversationId: string | null) => `parlance:draft:${conversationId ?? 'new'}`;
const pastedKey = (conversationId: string | null) => `parlance:pasted:${conversationId ?? 'new'}`;
const imagesKey = (conversationId: string | null) => `parlance:images:${conversationId ?? 'new'}`;

export function readDraft(conversationId: string | null): Draft {
  return {
    text: readKept(textKey(conversationId)) ?? '',
    pasted: readKeptList(pastedKey(conversationId)).filter((item) => typeof item === 'string'),
  };
}

export function keepDraftText(conversationId: string | null, text: string): void {
  keep(textKey(conversationId), text);
}

export function keepPasted(conversationId: string | null, pasted: readonly string[]): void {
  keep(pastedKey(conversationId), pasted.length === 0 ? '' : JSON.stringify(pasted));
}

export function keepDraft(conversationId: string | null, { text, pasted }: Draft): void {
  keepDraftText(conversationId, text);
  keepPasted(conversationId, pasted);
}

/** What comes back unsent, and after it what was written meanwhile. */
export function joinDrafts(first: Draft, second: Draft): Draft {
  const text = second.text === '' ? first.text : `${first.text}\n${second.text}`;
  return { text, pasted: [...first.pasted, ...second.pasted] };
}

/** The images of a draft: what the message will have of those that the server has. */
export function readDraftImages(conversationId: string | null): FilePart[] {
  return readKeptList(imagesKey(conversationId)).filter(isFilePart);
}

export function keepDraftImages(conversationId: string | null, parts: readonly FilePart[]): void {
  keep(imagesKey(conversationId), parts.length === 0 ? '' : JSON.stringify(parts));
}

/** Whether something that was kept is the part of a message that shows a file. */
export function isFilePart(value: unknown): value is FilePart {
  if (typeof value !== 'object' || value === null) return false;
  const { type, fileId, name, mime } = value as Partial<Record<keyof FilePart, unknown>>;
  return type === 'file' && [fileId, name, mime].every((text) => typeof text === 'string');
}

/** The conversation that was not begun has an address now; what was written meanwhile goes with it. */
export function moveDraft(conversationId: string): void {
  keepDraft(conversationId, readDraft(null));
  keepDraftImages(conversationId, readDraftImages(null));
  keepDraft(null, { text: '', pasted: [] });
  keepDraftImages(null, []);
}

/** The texts that a draft is sent as, in order; nothing when there is nothing to send. */
export function textsOf({ text, pasted }: Draft): string[] {
  return [...pasted, text].filter((part) => part.trim() !== '');
}
