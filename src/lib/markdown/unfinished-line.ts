const prefix = String.raw`[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*[ \t]*`;
/** A line in which every character may still be the start of something: a list, a rule, a heading, a fence, a table. */
const onlyMarkers = new RegExp(
  `^${prefix}(?:#{1,6}|\`{1,}|~{1,}|\\d{1,9}[.)]?|[-*_=+~>|:][-*_=+~>|: \\t]*|\\[[ xX]?\\]?)?[ \\t]*$`,
  'u',
);
const openingFence = new RegExp(`^${prefix}(?:\`{3,}[^\`\\n]*|~{3,}[^\\n]*)$`, 'u');
const footnoteOrReference = new RegExp(`^${prefix}\\[[^\\]\\n]{0,200}(?:\\]:?[ \\t]*)?$`, 'u');
/** A longer line with bars in it is no head of a table. */
const longestHead = 400;

/** In what a text ends: code, a line of text, the first two lines of a table, or its rows. */
export type TextEnd = 'code' | 'inline' | 'tableHead' | 'table';

/** Where the end of a text begins that is not shown yet, since the next characters decide what it is. */
export function heldFrom(text: string, end: TextEnd | undefined): number {
  const lineStart = text.lastIndexOf('\n') + 1;
  const line = text.slice(lineStart);
  const isMarkers = line !== '' && (onlyMarkers.test(line) || openingFence.test(line));
  if (end === 'tableHead') return text.length;
  if (end === 'code' || end === 'table') return isMarkers ? lineStart : text.length;
  if (line === '' || isMarkers) {
    // Either the line before is the head of a table, or it is not: this one will tell.
    const before = lineBefore(text, lineStart);
    if (before && mayBeTableHead(before.line) && /^[-:| \t>]*$/u.test(line)) return before.start;
    return line === '' ? text.length : lineStart;
  }
  return mayBeTableHead(line) || footnoteOrReference.test(line) ? lineStart : text.length;
}

function mayBeTableHead(line: string): boolean {
  if (line.length > longestHead) return false;
  const outsideCode = line.replace(/(`+)[^`]*\1/gu, '').replace(/\\\|/gu, '');
  return /^[ \t>]*\|/u.test(outsideCode) || /[^|]\|(?!\|)/u.test(outsideCode);
}

function lineBefore(text: string, lineStart: number): { line: string; start: number } | undefined {
  if (lineStart === 0) return undefined;
  const start = text.lastIndexOf('\n', lineStart - 2) + 1;
  return { line: text.slice(start, lineStart - 1), start };
}

/** Where a line begins with a formula (`$$` or `\[`) that is not closed yet and may still be, or -1. */
export function openFormulaStart(text: string): number {
  const found = Math.max(lastLineStart(text, '$$'), lastLineStart(text, '\\['));
  if (found === -1 || text.length - found > 20_000) return -1;
  const marker = /\$\$|\\\[/u.exec(text.slice(found));
  const rest = text.slice(found + (marker?.index ?? 0) + 2);
  const isClosed = rest.includes(marker?.[0] === '$$' ? '$$' : '\\]');
  if (isClosed || /\n[ \t]*\n/u.test(rest)) return -1;
  return countBefore(text, found, marker?.[0]) ? -1 : found;
}

/** Where the last line begins whose first characters are `marker`. */
function lastLineStart(text: string, marker: string): number {
  for (let at = text.lastIndexOf(marker); at !== -1; at = at === 0 ? -1 : text.lastIndexOf(marker, at - 1)) {
    const start = text.lastIndexOf('\n', at) + 1;
    if (/^[ \t>]*$/u.test(text.slice(start, at))) return start;
  }
  return -1;
}

/** Whether a `$$` at the start of a line closes one above rather than opening another. */
function countBefore(text: string, found: number, marker: string | undefined): boolean {
  if (marker !== '$$') return false;
  const paragraph = text.slice(text.lastIndexOf('\n\n', found) + 1, found);
  return (paragraph.split('$$').length - 1) % 2 === 1;
}
