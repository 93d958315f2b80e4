import { linesInChunk, mostColouredLength, mostWholeLines } from '../code';
import { trustedHtml } from '../trusted';
import { Lazy } from './lazy';

const grammars = new Lazy(() => import('../grammars'));

/** Colours the code blocks below `root`. Text is there at once; colours come when the grammars are loaded. */
export function colourBlocks(root: HTMLElement): void {
  for (const block of root.querySelectorAll<HTMLElement>('.code-block')) void colour(block);
}

/** Colours one block, unless it is too large or the reader has selected something in it. */
export async function colour(block: HTMLElement): Promise<void> {
  const code = block.querySelector('code');
  const grammar = block.dataset.grammar ?? '';
  if (!code || grammar === '' || !isSmall(code)) return;
  const loaded = grammars.get ?? (await grammars.load());
  const text = code.textContent;
  if (!loaded || !isSmall(code) || isSelected(code)) return;
  const html = loaded.colouredHtml(text, grammar);
  if (html !== undefined) code.innerHTML = trustedHtml(html);
}

function isSmall(code: HTMLElement): boolean {
  if (code.querySelectorAll('.code-chunk').length >= mostWholeLines / linesInChunk) return false;
  return code.textContent.length <= mostColouredLength;
}

function isSelected(code: HTMLElement): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(code, true);
}
