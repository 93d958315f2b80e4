/** One piece of a message, in the order in which it is shown. */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  /** A function that the model wants called: `arguments` is JSON as the model wrote it, which may be none. */
  | ToolCall
  /** Kept apart, by its id. Of an image its size in pixels is known. */
  | { type: 'file'; fileId: string; name: string; mime: string; width?: number; height?: number };

export type FilePart = Extract<Part, { type: 'file' }>;

export interface ToolCall {
  type: 'tool-call';
  id: string;
  name: string;
  arguments: string;
}

export type TextKind = 'text' | 'reasoning';

/** The visible text of a message, without its reasoning and files. */
export function textOf(parts: readonly Part[]): string {
  let text = '';
  for (const part of parts) if (part.type === 'text') text += part.text;
  return text;
}

/** Parts that hold `text` alone; empty text has no part. */
export function partsOf(text: string): Part[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

/** One part for each text, a blank line between them: a long pasted text stays apart from what was typed. */
export function partsOfTexts(texts: readonly string[]): Part[] {
  return texts.map((text, index) => ({
    type: 'text',
    text: index < texts.length - 1 ? `${text.trimEnd()}\n\n` : text,
  }));
}

/**
 * The parts of a message whose text was edited. Its files stay, before the text, except those of the ids in `removed`;
 * texts at its beginning that are still as they were stay parts of their own, so that a pasted text stays apart.
 */
export function partsAfterEdit(
  parts: readonly Part[],
  text: string,
  removed: readonly string[] = [],
): Part[] {
  const kept: Part[] = filesOf(parts).filter(({ fileId }) => !removed.includes(fileId));
  let rest = text;
  for (const part of parts.filter(({ type }) => type !== 'file').slice(0, -1)) {
    if (part.type !== 'text' || rest === part.text || !rest.startsWith(part.text)) break;
    kept.push(part);
    rest = rest.slice(part.text.length);
  }
  return [...kept, ...partsOf(rest)];
}

/** `parts` with `text` at the end, in the last part when that is of the same kind. */
export function appendText(parts: readonly Part[], kind: TextKind, text: string): Part[] {
  const last = parts.at(-1);
  if (last?.type === kind) return [...parts.slice(0, -1), { type: kind, text: last.text + text }];
  return [...parts, { type: kind, text }];
}

/** The files of a message, in order. */
export function filesOf(parts: readonly Part[]): FilePart[] {
  return parts.filter((part) => part.type === 'file');
}

/** The images of a message, in order. */
export function imagesOf(parts: readonly Part[]): FilePart[] {
  return filesOf(parts).filter(({ mime }) => mime.startsWith('image/'));
}
