import type { Token, Tokens } from 'marked';
import { lex } from './lexer';

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&#39;': "'",
};

/** Markdown as it reads: without its marks, with the addresses of links, lists as lists and tables with tabs. */
export function plainText(markdown: string): string {
  return blocks(lex(markdown));
}

function blocks(tokens: readonly Token[]): string {
  return tokens
    .map(block)
    .filter((text) => text !== '')
    .join('\n\n');
}

function block(token: Token): string {
  switch (token.type) {
    case 'space':
    case 'def':
      return '';
    case 'hr':
      return '---';
    case 'blockquote':
      return blocks(token.tokens ?? []);
    case 'list':
      return list(token as Tokens.List);
    case 'table':
      return table(token as Tokens.Table);
    default:
      return inline(token);
  }
}

function list({ items, ordered, start }: Tokens.List): string {
  const first = typeof start === 'number' ? start : 1;
  return items
    .map(({ tokens, task, checked }, index) => {
      const mark = ordered ? `${String(first + index)}.` : '-';
      const box = task ? (checked ? '☑ ' : '☐ ') : '';
      const text = tokens
        .map(block)
        .filter((line) => line !== '')
        .join('\n');
      return `${mark} ${box}${text.replaceAll('\n', `\n${' '.repeat(mark.length + 1)}`)}`;
    })
    .join('\n');
}

function table({ header, rows }: Tokens.Table): string {
  return [header, ...rows].map((cells) => cells.map(({ tokens }) => inlines(tokens)).join('\t')).join('\n');
}

function inlines(tokens: readonly Token[]): string {
  return tokens.map(inline).join('');
}

function inline(token: Token): string {
  if (token.type === 'br') return '\n';
  // The list says it.
  if (token.type === 'checkbox') return '';
  if (token.type === 'link') return link(token as Tokens.Link);
  // The source of a picture is no text; what it shows is.
  if (token.type !== 'image' && 'tokens' in token && token.tokens) return inlines(token.tokens);
  const text = 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
  return token.type === 'text'
    ? text.replace(/&(?:lt|gt|amp|quot|nbsp|#39);/gu, (name) => entities[name] ?? name)
    : text;
}

function link({ href, tokens }: Tokens.Link): string {
  const text = inlines(tokens);
  return text === href || href === `mailto:${text}` ? text : `${text} (${href})`;
}
