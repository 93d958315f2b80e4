import type { Token, Tokens } from 'marked';
import { codeBlockHtml } from './code';
import { icon } from './icons';
import type { MarkdownToken } from './lexer';
import { escapeHtml } from './links';
import type { RenderContext } from './render-context';
import { renderInline } from './render-inline';
import { formulaHtml } from './formula-html';

/**
 * The HTML of blocks, in which nothing of the text is markup of its own: every kind of token has its own way here, and
 * one that is not known is shown as its source. Raw HTML is shown as text, links lead to the web or to mail alone, and
 * pictures are links, so that no request leaves for another host. Colours, formulas and diagrams come later (`view/`).
 */
export function renderBlocks(tokens: readonly Token[], context: RenderContext): string {
  let html = '';
  for (const token of tokens as readonly MarkdownToken[]) html += renderBlock(token, context);
  return html;
}

function renderBlock(token: MarkdownToken, context: RenderContext): string {
  switch (token.type) {
    case 'space':
    case 'def':
      return '';
    case 'footnote':
      context.footnotes.define(token.label, renderBlocks(token.tokens, context));
      return '';
    case 'paragraph':
      return `<p>${renderInline(token.tokens, context)}</p>`;
    case 'text':
      return token.tokens ? renderInline(token.tokens, context) : escapeHtml(token.raw);
    case 'heading':
      return heading(token, context);
    case 'hr':
      return '<hr>';
    case 'code':
      return codeBlockHtml(token.text, token.lang ?? '');
    case 'formula':
      return `<p>${formulaHtml(token)}</p>`;
    case 'blockquote':
      return `<blockquote>${renderBlocks(token.tokens, context)}</blockquote>`;
    case 'list':
      return list(token, context);
    case 'table':
      return table(token, context);
    case 'html':
      return `<p class="raw">${escapeHtml(token.raw.trimEnd())}</p>`;
    case 'checkbox':
      return checkbox(token.checked);
    default:
      return `<p>${escapeHtml(token.raw)}</p>`;
  }
}

/** The page has headings of its own above; those of an answer begin below them. */
function heading({ depth, tokens }: Tokens.Heading, context: RenderContext): string {
  const level = String(Math.min(depth + 2, 6));
  return `<h${level}>${renderInline(tokens, context)}</h${level}>`;
}

function list({ ordered, start, items }: Tokens.List, context: RenderContext): string {
  const tag = ordered ? 'ol' : 'ul';
  const first = ordered && typeof start === 'number' && start !== 1 ? ` start="${String(start)}"` : '';
  const html = items.map(
    ({ tokens, task }) => `<li${task ? ' class="task"' : ''}>${renderBlocks(tokens, context)}</li>`,
  );
  return `<${tag}${first}>${html.join('')}</${tag}>`;
}

function checkbox(isChecked: boolean): string {
  return isChecked
    ? `<span class="task-box is-done" role="img" aria-label="Done">${icon('check')}</span>`
    : '<span class="task-box" role="img" aria-label="To do"></span>';
}

function table({ header, rows }: Tokens.Table, context: RenderContext): string {
  const cells = (row: Tokens.TableCell[], tag: 'th' | 'td') =>
    row
      .map(({ tokens, align }) => `<${tag}${aligned(align)}>${renderInline(tokens, context)}</${tag}>`)
      .join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
  return (
    `<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table><thead><tr>` +
    `${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`
  );
}

/** A class, since the page's policy allows no inline styles. */
function aligned(align: Tokens.TableCell['align']): string {
  return align === 'center' || align === 'right' ? ` class="to-${align}"` : '';
}
