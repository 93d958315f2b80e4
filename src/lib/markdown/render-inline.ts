import type { Token, Tokens } from 'marked';
import { formulaHtml } from './formula-html';
import type { MarkdownToken } from './lexer';
import { escapeHtml, escapeText, hostOf, safeAddress } from './links';
import type { RenderContext } from './render-context';

/** The HTML of what stands in a line; see `renderBlocks`. */
export function renderInline(tokens: readonly Token[], context: RenderContext): string {
  let html = '';
  for (const token of tokens as readonly MarkdownToken[]) html += renderToken(token, context);
  return html;
}

function renderToken(token: MarkdownToken, context: RenderContext): string {
  switch (token.type) {
    case 'text':
      return token.tokens ? renderInline(token.tokens, context) : escapeText(token.text);
    case 'escape':
      return escapeHtml(token.text);
    case 'strong':
    case 'em':
    case 'del':
      return `<${token.type}>${renderInline(token.tokens, context)}</${token.type}>`;
    case 'codespan':
      return `<code>${escapeHtml(token.text)}</code>`;
    case 'br':
      return '<br>';
    case 'link':
      return link(token, renderInline(token.tokens, { ...context, isInLink: true }));
    case 'image':
      return image(token, context);
    case 'formula':
      return formulaHtml(token);
    case 'footnoteReference':
      return context.isInLink ? escapeHtml(token.raw) : context.footnotes.refer(token.label);
    case 'html':
      // The one tag that Markdown has no other word for: a line break in a cell of a table.
      return /^<br ?\/?>$/iu.test(token.raw) ? '<br>' : escapeHtml(token.raw);
    default:
      return escapeHtml(token.raw);
  }
}

function link({ href }: Pick<Tokens.Link, 'href'>, label: string): string {
  const address = safeAddress(href);
  if (address === undefined) return label;
  const attributes = 'target="_blank" rel="noopener noreferrer nofollow"';
  return `<a href="${escapeHtml(address)}" ${attributes}>${label === '' ? escapeHtml(address) : label}</a>`;
}

/** A link to the picture that says where it leads: showing it would tell another host who reads this. */
function image({ href, tokens }: Tokens.Image, { isInLink }: RenderContext): string {
  const name = escapeText(plainText(tokens).trim() || 'Picture');
  const address = safeAddress(href);
  if (address === undefined) return name;
  const label = `${name} (image at ${escapeHtml(hostOf(address))})`;
  return isInLink ? label : link({ href }, label);
}

/** The words of tokens, without their markup. */
function plainText(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) {
    if ('tokens' in token && token.tokens) text += plainText(token.tokens);
    else text += 'text' in token ? String(token.text) : token.raw;
  }
  return text;
}
