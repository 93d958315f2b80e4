import { linesInChunk, mostColouredLength, mostWholeLines } from '../code';
import { trustedHtml } from '../trusted';
import { Lazy } from './lazy';
import { whenNear } from './when-near';

const grammars = new Lazy(() => import('../grammars'));

/**
 * Colours the code blocks below `root`; text is there at once, and colours come when the grammars are loaded. A block that
 * is drawn again and again is coloured at once, so that it does not flicker, and others when the reader is near.
 */
export function colourBlocks(root: HTMLElement, isOpen: boolean): void {
  for (const block of root.querySelectorAll<HTMLElement>('.code-block')) {
    if (isOpen) void colour(block);
    else whenNear(block, (near) => void colour(near));
  }
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
  if (!selection || selection.rangeCount === 0) return false;
  const range = selection.getRangeAt(0);
  return !range.collapsed && range.intersectsNode(code);
}
