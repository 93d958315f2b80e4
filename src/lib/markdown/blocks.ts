import type { Token } from 'marked';
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
    const source = text.includes('\r') ? text.replace(/\r\n?/gu, '\n') : text;
    if (!source.startsWith(this.source)) this.reset();
    this.source = source;
    const tokens = lex(source.slice(this.finishedText.length));
    // The last block may still change its kind, and a blank line after it may turn out to be inside of it.
    const open = Math.max(tokens.findLastIndex(isShown), 0);
    for (const token of tokens.slice(0, open)) {
      this.finishedText += token.raw;
      if (isShown(token)) this.finished.push({ key: this.finished.length, html: renderToken(token) });
    }
    const last = tokens[open];
    if (!last || !isShown(last)) return [...this.finished];
    return [...this.finished, { key: this.finished.length, html: renderToken(last) }];
  }

  private reset(): void {
    this.finished = [];
    this.finishedText = '';
  }
}

function isShown({ type }: Token): boolean {
  return type !== 'space' && type !== 'def';
}
