import { Marked, type Token, type Tokens } from 'marked';
import { escapeHtml, hostOf, safeAddress } from './links';

/**
 * Markdown (GFM) to HTML in which nothing of the text is markup of its own: raw HTML is shown as text, links lead to
 * the web or to mail alone, and pictures are links, so that no request leaves for another host.
 */
const marked = new Marked({ gfm: true, breaks: false });

marked.use({
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    link({ href, tokens }: Tokens.Link) {
      return link(href, this.parser.parseInline(tokens));
    },
    image({ href, text }: Tokens.Image) {
      const address = safeAddress(href);
      const name = text === '' ? 'Picture' : text;
      return link(href, escapeHtml(address === undefined ? name : `${name} (image at ${hostOf(address)})`));
    },
    code({ text, lang }: Tokens.Code) {
      const language = /^[\w+#.-]{1,30}/u.exec(lang ?? '')?.[0] ?? '';
      return (
        `<div class="code-block"><div class="code-head"><span>${escapeHtml(language)}</span>` +
        `<button type="button" data-copy-code>Copy code</button></div>` +
        `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre></div>`
      );
    },
    table(token: Tokens.Table) {
      const cells = (row: Tokens.TableCell[], tag: 'th' | 'td') =>
        row
          .map(({ tokens, align }) => `<${tag}${aligned(align)}>${this.parser.parseInline(tokens)}</${tag}>`)
          .join('');
      const body = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
      return (
        `<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table><thead><tr>` +
        `${cells(token.header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`
      );
    },
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
    // The page has headings of its own above; those of an answer begin below them.
    heading({ depth, tokens }: Tokens.Heading) {
      const level = String(Math.min(depth + 2, 6));
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
  },
});

/** The blocks of a text, as marked tells them apart. */
export function lex(text: string): Token[] {
  return marked.lexer(text);
}

/** The HTML of one block. */
export function renderToken(token: Token): string {
  return marked.parser([token]);
}

/** A class, since the page's policy allows no inline styles. */
function aligned(align: Tokens.TableCell['align']): string {
  return align === 'center' || align === 'right' ? ` class="to-${align}"` : '';
}

function link(href: string, label: string): string {
  const address = safeAddress(href);
  if (address === undefined) return label;
  return `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}
