import { AppError } from '../../domain/errors';
import type { Cursor } from '../../domain/stream';

const maxCursors = 50;

/** Reads `<generationId>:<seq>,...`; absent is none. Throws `invalid-input`. */
export function parseCursors(text: string | null): Cursor[] {
  if (text === null || text === '') return [];
  const parts = text.split(',');
  if (parts.length > maxCursors) throw new AppError('invalid-input', 'There are too many cursors.');
  return parts.map((part) => {
    const [, generationId, seq] = /^([0-9a-f-]{36}):(\d{1,9})$/iu.exec(part) ?? [];
    if (generationId === undefined)
      throw new AppError('invalid-input', 'A cursor is <generation id>:<number>.');
    return { generationId, seq: Number(seq) };
  });
}
