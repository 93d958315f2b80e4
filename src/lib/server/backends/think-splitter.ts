import type { TextKind } from '../../domain/parts';
import { reasoningTags, type AnswerStart } from './answer-start';

export interface Piece {
  kind: TextKind;
  text: string;
}

const openings = reasoningTags.map((tag) => `<${tag}>`);
const opening = new RegExp(`^\\s*<(${reasoningTags.join('|')})>\\n?`, 'u');

/**
 * Tells reasoning from text where a server leaves both in one stream: `<think>...</think>` at its beginning. Tags may be
 * split over pieces. Reasoning that is never closed goes to the end. A tag in the middle of a text is text: people ask about such things.
 */
export class ThinkSplitter {
  private state: 'beginning' | 'reasoning' | 'text';
  private held = '';
  private closing = '';
  /** Nothing was given out since the last tag: line ends there belong to nobody. */
  private isAtStart: boolean;

  constructor(start: AnswerStart = 'either') {
    this.isAtStart = start !== 'text';
    this.state = start === 'text' ? 'text' : start === 'either' ? 'beginning' : 'reasoning';
    if (typeof start === 'object') this.closing = `</${start.inside}>`;
  }

  push(piece: string): Piece[] {
    this.held += piece;
    const pieces: Piece[] = [];
    if (this.state === 'beginning') this.begin();
    if (this.state === 'reasoning') pieces.push(...this.reason());
    if (this.state === 'text') pieces.push(...this.give('text', this.held.length));
    return pieces.filter(({ text }) => text !== '');
  }

  /** What was held back: it is no tag, now that nothing follows. */
  end(): Piece[] {
    const kind = this.state === 'reasoning' ? 'reasoning' : 'text';
    return this.give(kind, this.held.length).filter(({ text }) => text !== '');
  }

  private begin(): void {
    const found = opening.exec(this.held);
    if (found) {
      this.state = 'reasoning';
      this.closing = `</${found[1] ?? 'think'}>`;
      this.held = this.held.slice(found[0].length);
      return;
    }
    const start = this.held.trimStart();
    if (openings.some((tag) => tag.startsWith(start))) return;
    // As it came: text that begins with white space keeps it.
    this.isAtStart = false;
    this.state = 'text';
  }

  private reason(): Piece[] {
    if (this.isAtStart) {
      const start = this.held.trimStart();
      if (start === '' || openings.some((tag) => tag !== start && tag.startsWith(start))) return [];
      this.held = this.held.replace(opening, '');
    }
    const at = this.held.indexOf(this.closing);
    if (at !== -1) {
      const pieces = this.give('reasoning', at).map(({ kind, text }) => ({ kind, text: text.trimEnd() }));
      this.held = this.held.slice(this.closing.length);
      this.state = 'text';
      this.isAtStart = true;
      return pieces;
    }
    return this.give('reasoning', this.held.length - heldLength(this.held, this.closing));
  }

  private give(kind: TextKind, length: number): Piece[] {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    if (!this.isAtStart) return [{ kind, text }];
    const begun = text.trimStart();
    if (begun !== '') this.isAtStart = false;
    return [{ kind, text: begun }];
  }
}

/** How much of the end may be white space before a tag, and the beginning of the tag. */
function heldLength(text: string, tag: string): number {
  let length = Math.min(tag.length - 1, text.length);
  while (length > 0 && !text.endsWith(tag.slice(0, length))) length -= 1;
  const before = text.slice(0, text.length - length);
  return length + (before.length - before.trimEnd().length);
}
