import type { TokenText } from './token-text';

const indexes = new WeakMap<TokenText, PieceIndex>();

/** The index of a model's pieces, made when it is first asked for: some ten milliseconds for 49,152 tokens. */
export function piecesOf(text: TokenText, vocabulary: number): PieceIndex {
  const known = indexes.get(text);
  if (known?.size === vocabulary) return known;
  const made = new PieceIndex(text, vocabulary);
  indexes.set(text, made);
  return made;
}

/** What every token of a model stands for, to be searched. Bytes are written as the characters up to U+00FF. */
export class PieceIndex {
  private readonly pieces: string[];
  /** Tokens in the order of their pieces. */
  private readonly sorted: number[];

  constructor(
    text: TokenText,
    readonly size: number,
  ) {
    this.pieces = Array.from({ length: size }, (_, token) =>
      Buffer.from(text.bytesOf(token) ?? []).toString('latin1'),
    );
    this.sorted = [...this.pieces.keys()].sort((a, b) => compare(this.pieceOf(a), this.pieceOf(b)));
  }

  /** Empty for control tokens. */
  pieceOf(token: number): string {
    return this.pieces[token] ?? '';
  }

  containing(bytes: string): number[] {
    return [...this.pieces.keys()].filter((token) => this.pieceOf(token).includes(bytes));
  }

  startingWith(bytes: string): number[] {
    const from = this.firstAtLeast(bytes);
    let to = from;
    while (to < this.sorted.length && this.pieceOf(this.sorted[to] ?? -1).startsWith(bytes)) to += 1;
    return this.sorted.slice(from, to);
  }

  private firstAtLeast(bytes: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.pieceOf(this.sorted[middle] ?? -1), bytes) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
