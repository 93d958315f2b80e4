/** A formula as the text has it: its source without the delimiters, and what both are together. */
export interface Formula {
  raw: string;
  tex: string;
  isDisplay: boolean;
}

/** Longer ones are no formula but text with dollars in it. */
const longestFormula = 20_000;
const blankLine = /\n[ \t]*\n/u;

/**
 * The formula at the start of `source`. Money is none: a formula does not begin or end with a space, its last `$` has no
 * digit after it and its first no letter or digit before it (`before`), and there is no other `$` inside.
 */
export function readFormula(source: string, before = ''): Formula | undefined {
  if (source.startsWith('\\(')) return between(source, '\\(', '\\)', false);
  if (source.startsWith('\\[')) return between(source, '\\[', '\\]', true);
  if (!source.startsWith('$')) return undefined;
  if (source.startsWith('$$')) return before === '$' ? undefined : between(source, '$$', '$$', true);
  if (/[\w$]/u.test(before) || /^\$[\s$]?$|^\$\s/u.test(source)) return undefined;
  const end = nextDollar(source, 1);
  if (end === -1 || /\s/u.test(source.charAt(end - 1)) || /\d/u.test(source.charAt(end + 1)))
    return undefined;
  return formula(source.slice(0, end + 1), 1, false);
}

/** A formula that has the lines at the start of `source` for itself; `raw` goes to the end of its last line. */
export function readFormulaBlock(source: string): Formula | undefined {
  const indent = /^ {0,3}(?=\$\$|\\\[)/u.exec(source)?.[0];
  if (indent === undefined) return undefined;
  const found = readFormula(source.slice(indent.length));
  if (!found) return undefined;
  const rest = /^[ \t]*(?:\n|$)/u.exec(source.slice(indent.length + found.raw.length))?.[0];
  return rest === undefined ? undefined : { ...found, raw: indent + found.raw + rest };
}

/** Where a formula may begin, or -1. */
export function formulaStart(source: string): number {
  return source.search(/\$|\\[([]/u);
}

/** Where a line begins with a formula of its own, or -1. */
export function formulaBlockStart(source: string): number {
  const found = source.search(/\n {0,3}(?:\$\$|\\\[)/u);
  return found === -1 || !readFormulaBlock(source.slice(found + 1)) ? -1 : found + 1;
}

/** The text with every formula replaced by letters, so that its stars and underscores emphasize nothing. */
export function maskFormulas(text: string): string {
  if (formulaStart(text) === -1) return text;
  let masked = '';
  for (let index = 0; index < text.length;) {
    const step = formulaStart(text.slice(index));
    if (step === -1) return masked + text.slice(index);
    masked += text.slice(index, index + step);
    index += step;
    const found = readFormula(text.slice(index), text.charAt(index - 1));
    const length = found?.raw.length ?? (text.startsWith('$$', index) ? 2 : 1);
    masked += found ? 'a'.repeat(length) : text.slice(index, index + length);
    index += length;
  }
  return masked;
}

function between(source: string, open: string, close: string, isDisplay: boolean): Formula | undefined {
  const end = source.indexOf(close, open.length);
  if (end === -1) return undefined;
  const found = formula(source.slice(0, end + close.length), open.length, isDisplay);
  return found && blankLine.test(found.tex) ? undefined : found;
}

function formula(raw: string, delimiter: number, isDisplay: boolean): Formula | undefined {
  const tex = raw.slice(delimiter, -delimiter);
  return tex.trim() === '' || tex.length > longestFormula ? undefined : { raw, tex, isDisplay };
}

/** The next `$` that is not escaped, within the paragraph; otherwise -1. */
function nextDollar(source: string, from: number): number {
  const limit = Math.min(source.length, from + longestFormula);
  for (let index = from; index < limit; index += 1) {
    const character = source.charAt(index);
    if (character === '$') return index;
    if (character === '\\') index += 1;
    else if (character === '\n' && /^[ \t]*\n/u.test(source.slice(index + 1, index + 80))) return -1;
  }
  return -1;
}
