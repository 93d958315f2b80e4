import type { Tokens } from 'marked';
import type { MarkdownToken } from './lexer';

interface Split {
  /** What is finished of it. */
  token: MarkdownToken;
  /** To be put before what follows, so that it is a table too. */
  tableHead: string;
}

/** Divides a long list before its last item, and a long table before its last row. */
export function splitLarge(token: MarkdownToken | undefined): Split | undefined {
  if (token?.type === 'list') return splitList(token);
  return token?.type === 'table' ? splitTable(token) : undefined;
}

function splitList(list: Tokens.List): Split | undefined {
  const items = list.items.slice(0, -1);
  if (items.length === 0) return undefined;
  const raw = items.map((item) => item.raw).join('');
  return list.raw.startsWith(raw) ? { token: { ...list, items, raw }, tableHead: '' } : undefined;
}

function splitTable(table: Tokens.Table): Split | undefined {
  const rows = table.rows.slice(0, -1);
  if (rows.length === 0) return undefined;
  const lines = table.raw.split('\n');
  const raw = lines.slice(0, 2 + rows.length).join('\n') + '\n';
  return { token: { ...table, rows, raw }, tableHead: `${lines.slice(0, 2).join('\n')}\n` };
}
