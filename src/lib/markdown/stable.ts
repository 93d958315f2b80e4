import type { MarkdownToken } from './lexer';
import { openFormulaStart } from './unfinished-line';

/** A token that shows nothing and ends nothing. */
export function isBlank({ type }: MarkdownToken): boolean {
  return type === 'space';
}

/**
 * How many tokens at the start of a text that goes on can no longer change. A block is finished when the first line of
 * the block after it is complete: until then, that line may turn out to belong to it (`2` to `2.`, `-` to `---`).
 */
export function finishedCount(tokens: readonly MarkdownToken[], text: string): number {
  const open = openFormulaStart(text);
  let start = text.length;
  for (let index = tokens.length - 1; index > 0; index -= 1) {
    const token = tokens[index];
    if (!token) continue;
    start -= token.raw.length;
    // What follows the start of an open formula is part of it, whatever it looks like.
    if (isBlank(token) || (open !== -1 && start > open)) continue;
    if (hasLines(text, start, token.type === 'table' ? 2 : 1)) return index;
  }
  return 0;
}

/** Whether so many lines from `start` on are complete. */
function hasLines(text: string, start: number, lines: number): boolean {
  let end = start - 1;
  for (let line = 0; line < lines; line += 1) {
    end = text.indexOf('\n', end + 1);
    if (end === -1) return false;
  }
  return true;
}
