import type { Token } from 'marked';
import { lex, lexInline, type MarkdownToken, type References } from './lexer';
import { completeInline } from './unfinished-inline';
import { heldFrom, openFormulaStart, type TextEnd } from './unfinished-line';

/**
 * The blocks of a text that goes on, such that nothing is shown that will vanish with the next words: what may still
 * become markup is held back, and what is open (`**bold`, `[link](http`) is shown as if it were closed.
 */
export function lexUnfinished(text: string, references: References): MarkdownToken[] {
  const formula = openFormulaStart(text);
  if (formula !== -1) {
    const before = lex(text.slice(0, formula), references);
    // In code it is code.
    if (endOf(before)?.kind !== 'code') return before;
  }
  const whole = lex(text, references);
  const end = endOf(whole);
  const held = heldFrom(text, end?.kind);
  const tokens = held < text.length ? lex(text.slice(0, held), references) : whole;
  const last = endOf(tokens);
  if (last?.holder) {
    last.holder.tokens = lexInline(completeInline(last.holder.text), references);
  }
  return tokens;
}

/** Where a text ends, and what holds its last words. */
interface End {
  kind: TextEnd;
  holder?: { text: string; tokens?: Token[] };
}

function endOf(tokens: readonly Token[] | undefined): End | undefined {
  const last = (tokens as readonly MarkdownToken[] | undefined)?.findLast(({ type }) => type !== 'space');
  switch (last?.type) {
    case 'code':
      return { kind: 'code' };
    case 'list':
      return endOf(last.items.at(-1)?.tokens);
    case 'blockquote':
    case 'footnote':
      return endOf(last.tokens);
    case 'paragraph':
    case 'heading':
    case 'text':
      return { kind: 'inline', holder: last };
    case 'table': {
      const row = last.rows.at(-1) ?? last.header;
      const cell = row.findLast(({ text }) => text !== '');
      // A cell that its bar has closed stays as it is.
      const kind = last.rows.length === 0 ? 'tableHead' : 'table';
      return { kind, ...(cell && !last.raw.trimEnd().endsWith('|') && { holder: cell }) };
    }
    default:
      return undefined;
  }
}
