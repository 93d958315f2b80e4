import { maxFileNameLength } from './files';

/** Longest name without its ending, in characters: far below what file systems take, in any script. */
const maxLength = 60;
/** Names that mean a device on Windows, with any ending. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

/**
 * A name for a file that every system takes, from any text: one line without separators, control and direction
 * characters, not hidden, without an ending that the text could choose. Empty text gives `fallback`.
 */
export function safeFileName(text: string, fallback: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}"*/:<>?\\|.]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const short = Array.from(plain).slice(0, maxLength).join('').trim();
  return short === '' || reserved.test(short) ? fallback : short;
}

/** A name as people gave it, on one line and not too long, to be shown; empty text gives `fallback`. */
export function cleanFileName(name: string, fallback: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return cut(plain, maxFileNameLength).trim() || fallback;
}

/** As many whole characters as `length`, which is counted as schemas do it, has room for. */
function cut(text: string, length: number): string {
  const short = text.slice(0, length);
  return /[\uD800-\uDBFF]$/u.test(short) ? short.slice(0, -1) : short;
}
