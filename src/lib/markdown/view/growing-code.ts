import { codeBlockHtml, linesInChunk, mostColouredLength, mostWholeLines } from '../code';
import type { FencedCode } from '../fence';
import { trustedHtml } from '../trusted';
import { colour } from './colours';

/** Colouring code that still grows takes at most this share of the time. */
const shareOfTime = 0.05;
const colourEveryMs = 250;

/** A code block on the page to whose end text is added; what is there already is not touched. */
export class GrowingCode {
  private length = 0;
  /** Lines in the last, growing piece. */
  private lines = 0;
  private last: Text;
  private readonly target: HTMLElement;
  private nextColourAtMs = 0;
  private allLines = 0;
  private mayHaveColours = true;

  constructor(
    private readonly element: HTMLElement,
    readonly code: FencedCode,
  ) {
    element.innerHTML = trustedHtml(codeBlockHtml('', code.info));
    this.target = element.querySelector('code') ?? element;
    this.last = this.newPiece();
  }

  /** Adds what is new. */
  update(): void {
    const added = this.code.text.slice(this.length);
    if (added !== '') this.append(added);
    if (!this.mayHaveColours) return;
    if (this.allLines > mostWholeLines || this.length > mostColouredLength) this.startAnew();
    else if (this.code.isClosed) this.colour();
    else if (performance.now() > this.nextColourAtMs) {
      const startedAtMs = performance.now();
      this.colour();
      const spentMs = performance.now() - startedAtMs;
      this.nextColourAtMs = performance.now() + Math.max(colourEveryMs, spentMs / shareOfTime);
    }
  }

  private append(added: string): void {
    // Colours have replaced the text: what comes now stands behind it.
    if (!this.last.isConnected && this.element.isConnected) this.last = this.newPiece();
    this.length = this.code.text.length;
    let start = 0;
    for (let end = added.indexOf('\n'); end !== -1; end = added.indexOf('\n', end + 1)) {
      this.lines += 1;
      this.allLines += 1;
      if (this.lines < linesInChunk) continue;
      this.last.appendData(added.slice(start, end + 1));
      this.closePiece();
      start = end + 1;
    }
    if (start < added.length) this.last.appendData(added.slice(start));
  }

  /** It has become too long for colours: where it has some, all of it is drawn again, in pieces. */
  private startAnew(): void {
    this.mayHaveColours = false;
    if (!this.target.querySelector('[class^="hljs"]')) return;
    this.target.replaceChildren();
    this.lines = 0;
    this.last = this.newPiece();
    this.append(this.code.text);
  }

  private closePiece(): void {
    const chunk = document.createElement('span');
    chunk.className = 'code-chunk';
    this.last.replaceWith(chunk);
    chunk.append(this.last);
    this.lines = 0;
    this.last = this.newPiece();
  }

  private newPiece(): Text {
    const text = document.createTextNode('');
    this.target.append(text);
    return text;
  }

  private colour(): void {
    const block = this.element.querySelector<HTMLElement>('.code-block');
    if (block) void colour(block);
  }
}
