import { languageOf, languageWord } from './languages';
import { escapeHtml } from './links';
import { icon } from './icons';

/** Lines of code in one piece of the page: pieces that are out of sight are not laid out. */
export const linesInChunk = 100;
/** Code of more lines is drawn in pieces, and without colours. */
export const mostWholeLines = 1000;
/** Code of more characters has no colours either. */
export const mostColouredLength = 60_000;

/** The HTML of a code block with its head. `info` is what stands behind the fence. */
export function codeBlockHtml(text: string, info: string): string {
  const language = languageOf(info);
  const data = `data-extension="${language.extension}" data-grammar="${language.grammar ?? ''}"`;
  return (
    `<div class="code-block" dir="ltr" data-language="${escapeHtml(languageWord(info))}" ${data}>${codeHead(language.name)}` +
    `<pre tabindex="0" role="group" aria-label="${escapeHtml(labelOf(language.name))}">` +
    `<code>${codeHtml(text)}</code></pre></div>`
  );
}

/** Buttons are told apart by `data-action`; see `actions.ts`. */
function codeHead(name: string): string {
  return (
    `<div class="code-head"><span>${escapeHtml(name)}</span><div class="code-actions">` +
    button('wrap', 'Wrap lines', 'Wrap', ' aria-pressed="false"') +
    button('download', 'Download code', 'Download') +
    button('copy', 'Copy code', 'Copy') +
    '</div></div>'
  );
}

/** A button of a head: its name for assistive tools, and a word beside its picture where there is room. */
export function button(
  action: 'wrap' | 'download' | 'copy' | 'source',
  name: string,
  word: string,
  more = '',
): string {
  return (
    `<button type="button" data-action="${action}" aria-label="${name}" title="${name}"${more}>` +
    `${icon(action)}<span data-word>${word}</span></button>`
  );
}

function labelOf(name: string): string {
  return name === '' ? 'Code' : `${name} code`;
}

/** Code as HTML: as one text, or in pieces of whole lines when it is long. */
function codeHtml(text: string): string {
  const chunks = chunksOf(text);
  if (chunks.length <= mostWholeLines / linesInChunk) return escapeHtml(text);
  return chunks.map((chunk) => `<span class="code-chunk">${escapeHtml(chunk)}</span>`).join('');
}

/** The text in pieces of `linesInChunk` lines; each but the last ends with a line break. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let start = 0;
  let lines = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    lines += 1;
    if (lines % linesInChunk !== 0) continue;
    chunks.push(text.slice(start, end + 1));
    start = end + 1;
  }
  if (start < text.length || chunks.length === 0) chunks.push(text.slice(start));
  return chunks;
}
