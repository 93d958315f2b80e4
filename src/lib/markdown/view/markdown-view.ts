import { BlockSplitter, type Block } from '../blocks';
import { trustedHtml } from '../trusted';
import { colourBlocks } from './colours';
import { drawDiagrams } from './diagrams';
import { drawFormulas } from './formulas';
import { GrowingCode } from './growing-code';
import { forgetWaiting } from './when-near';

/** Blocks in one piece of the page: pieces of a long answer that are out of sight are not laid out. */
const blocksInGroup = 16;
/** Parsing stops after so long, so that the page can draw and answer the reader. */
const sliceMs = 12;

/** An answer on the page. Text that comes later is added: what has been drawn is touched only when it has changed. */
export class MarkdownView {
  private splitter: BlockSplitter;
  private readonly elements: HTMLElement[] = [];
  private readonly html: string[] = [];
  private growing: { index: number; code: GrowingCode } | undefined;
  private notes: HTMLElement | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = true;
  private idleUntilMs = 0;

  /** `scope` goes into ids: no two answers on a page may share it. */
  constructor(
    private readonly root: HTMLElement,
    private readonly scope: string,
  ) {
    this.splitter = new BlockSplitter(scope);
  }

  /** Shows the text as it is now; a long one in pieces, the first at once. */
  update(text: string, isRunning: boolean): void {
    if (!this.splitter.canTake(text)) this.restart();
    this.isRunning = isRunning;
    this.splitter.update(text, isRunning);
    if (this.timer !== undefined) return;
    const waitMs = this.idleUntilMs - performance.now();
    if (waitMs > 0) this.workLater(waitMs);
    else this.work();
  }

  destroy(): void {
    clearTimeout(this.timer);
    forgetWaiting(this.root);
  }

  private workLater(waitMs: number): void {
    this.timer = setTimeout(() => this.work(), waitMs);
  }

  private work(): void {
    this.timer = undefined;
    const startedAtMs = performance.now();
    let isDone = false;
    while (!isDone && performance.now() < startedAtMs + sliceMs) {
      isDone = this.splitter.advance();
      this.show();
    }
    if (!isDone) this.workLater(0);
    else {
      this.showNotes();
      if (!this.isRunning) this.complete();
      const spentMs = performance.now() - startedAtMs;
      // A last block that is slow to draw is drawn less often: the page belongs to the reader.
      this.idleUntilMs = spentMs > sliceMs ? performance.now() + 3 * spentMs : 0;
    }
  }

  private restart(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.splitter = new BlockSplitter(this.scope);
    forgetWaiting(this.root);
    this.root.replaceChildren();
    this.elements.length = 0;
    this.html.length = 0;
    this.growing = undefined;
    this.notes = undefined;
  }

  private show(): void {
    const { blocks, finished, count } = this.splitter.takeChanges();
    for (const [index, block] of blocks) if (index < count) this.draw(index, block, index >= finished);
    for (const element of this.elements.splice(count)) {
      const group = element.parentElement;
      element.remove();
      if (group?.childElementCount === 0) group.remove();
    }
    this.html.length = Math.min(this.html.length, count);
    if (this.growing && this.growing.index >= count) this.growing = undefined;
    this.root.classList.toggle('is-long', count > blocksInGroup);
  }

  private draw(index: number, block: Block, isOpen: boolean): void {
    const element = this.elementAt(index);
    if (block.code) {
      if (this.growing?.code.code !== block.code) {
        this.growing = { index, code: new GrowingCode(element, block.code) };
      }
      this.html[index] = '';
      this.growing.code.update();
      if (block.code.isClosed) drawDiagrams(element);
    } else if (this.html[index] !== block.html) {
      this.html[index] = block.html;
      element.classList.toggle('is-continued', block.isContinued);
      element.innerHTML = trustedHtml(block.html);
      drawFormulas(element);
      colourBlocks(element, isOpen);
    }
  }

  private elementAt(index: number): HTMLElement {
    const known = this.elements[index];
    if (known) return known;
    const element = document.createElement('div');
    element.className = 'prose-block';
    element.dir = 'auto';
    this.groupOf(index).append(element);
    this.elements[index] = element;
    return element;
  }

  private groupOf(index: number): HTMLElement {
    const group = this.elements[index - 1]?.parentElement;
    if (group && index % blocksInGroup !== 0) return group;
    const next = document.createElement('div');
    next.className = 'prose-group';
    if (this.notes) this.notes.before(next);
    else this.root.append(next);
    return next;
  }

  private showNotes(): void {
    const html = this.splitter.footnotes.html();
    if (html !== '' || this.notes) {
      this.notes ??= this.root.appendChild(document.createElement('div'));
      this.notes.className = 'prose-block';
      this.notes.innerHTML = trustedHtml(html);
      drawFormulas(this.notes);
      colourBlocks(this.notes, false);
    }
  }

  /** Nothing more comes: references that never got a text are shown as they were written. */
  private complete(): void {
    drawDiagrams(this.root);
    for (const mark of this.root.querySelectorAll<HTMLElement>('sup[data-footnote]')) {
      const label = mark.dataset.footnote ?? '';
      if (!this.splitter.footnotes.has(label)) mark.replaceWith(`[^${label}]`);
    }
  }
}
