import { piecesOf, type PieceIndex } from './piece-index';
import type { Processor } from './processor';
import type { TokenText } from './token-text';

/**
 * Forbids every token with which the answer would come to contain one of some texts, however the text is cut into
 * tokens. `NoBadWordsLogitsProcessor` of Hugging Face Transformers compares with one way to write a text in tokens; a
 * text written in another way passes it. Here bytes are compared: what is written so far of a text is followed by the
 * algorithm of Knuth, Morris and Pratt, and tokens that begin with the rest of it, or hold all of it, are forbidden.
 * Letters must match exactly, and a text also counts inside a longer word.
 */
export class BadWords implements Processor {
  private constructor(
    private readonly words: readonly Word[],
    private readonly pieces: PieceIndex,
    /** Tokens that hold a whole word. */
    private readonly always: readonly number[],
    /** Of each word: how many of its bytes the answer ends with. */
    private readonly begun: number[],
  ) {}

  static of(texts: readonly string[], text: TokenText, vocabulary: number): BadWords {
    const pieces = piecesOf(text, vocabulary);
    const words = texts.map((word) => new Word(Buffer.from(word).toString('latin1')));
    const always = new Set(words.flatMap(({ bytes }) => pieces.containing(bytes)));
    return new BadWords(
      words,
      pieces,
      [...always],
      words.map(() => 0),
    );
  }

  process(logits: Float32Array): void {
    for (const token of this.always) logits[token] = -Infinity;
    for (const [index, word] of this.words.entries()) {
      for (let begun = this.begun[index] ?? 0; begun > 0; begun = word.shorter(begun)) {
        for (const token of this.pieces.startingWith(word.bytes.slice(begun))) logits[token] = -Infinity;
      }
    }
  }

  accept(token: number): void {
    const piece = this.pieces.pieceOf(token);
    for (const [index, word] of this.words.entries())
      this.begun[index] = word.follow(this.begun[index] ?? 0, piece);
  }

  fork(): BadWords {
    return new BadWords(this.words, this.pieces, this.always, [...this.begun]);
  }
}

/** A text to look for, its bytes as characters up to U+00FF. */
class Word {
  /** Of every number of bytes: the length of the longest shorter beginning of the word that these bytes end with. */
  private readonly failures = [0, 0];

  constructor(readonly bytes: string) {
    for (let length = 2; length <= bytes.length; length += 1)
      this.failures.push(this.next(this.shorter(length - 1), bytes[length - 1]));
  }

  shorter(begun: number): number {
    return this.failures[begun] ?? 0;
  }

  /** How many bytes of the word a text ends with after a piece, when it ended with `begun` of them before. */
  follow(begun: number, piece: string): number {
    let now = begun;
    for (const byte of piece) now = this.next(now === this.bytes.length ? this.shorter(now) : now, byte);
    return now === this.bytes.length ? this.shorter(now) : now;
  }

  private next(begun: number, byte: string | undefined): number {
    let now = begun;
    while (now > 0 && this.bytes[now] !== byte) now = this.shorter(now);
    return this.bytes[now] === byte ? now + 1 : 0;
  }
}
