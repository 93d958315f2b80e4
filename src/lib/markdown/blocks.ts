import { lex, renderToken } from './render';

/** One block of an answer. The key stays while the text grows, so that the page keeps what it has drawn. */
export interface Block {
  key: number;
  html: string;
}

/**
 * The blocks of a growing text. Only what follows the last finished block is parsed again, so the cost of a token does
 * not depend on the length of the answer.
 */
export class BlockSplitter {
  private finished: Block[] = [];
  private finishedText = '';
  private source = '';

  /** The blocks of `text`; with text that is not longer than before it starts anew. */
  update(text: string): Block[] {
    if (!text.startsWith(this.source)) this.reset();
    this.source = text;
    const tokens = lex(text.slice(this.finishedText.length)).filter(({ type }) => type !== 'def');
    // The last block may still change its kind, and a blank line after it may turn out to be inside of it.
    const open = tokens.findLastIndex(({ type }) => type !== 'space');
    for (const token of tokens.slice(0, Math.max(open, 0))) {
      this.finishedText += token.raw;
      if (token.type !== 'space') this.finished.push({ key: this.finished.length, html: renderToken(token) });
    }
    const rest = tokens.slice(Math.max(open, 0)).filter(({ type }) => type !== 'space');
    return [
      ...this.finished,
      ...rest.map((token, index) => ({ key: this.finished.length + index, html: renderToken(token) })),
    ];
  }

  private reset(): void {
    this.finished = [];
    this.finishedText = '';
  }
}
