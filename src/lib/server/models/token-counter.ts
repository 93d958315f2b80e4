import { createHash } from 'node:crypto';
import type { Backend } from '../backends/backend';
import { piecesOf } from './text-pieces';

const remembered = 20_000;
/** No tokenizer in use makes more tokens than bytes; English text has about four bytes for each. */
const bytesPerToken = 4;

/** Counts the tokens of a text. */
export type Count = (text: string) => Promise<number>;

/** Counts tokens with the backend's own tokenizer, and remembers: messages do not change, and each turn asks again. */
export class TokenCounter {
  private readonly counts = new Map<string, number>();
  /** Whether the backend counts; otherwise lengths stand for it. */
  readonly isExact: boolean;

  constructor(private readonly backend: Backend) {
    this.isExact = backend.countTokens !== undefined;
  }

  async count(text: string): Promise<number> {
    if (text === '') return 0;
    if (!this.backend.countTokens) return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
    const key = keyOf(text);
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const count = await this.backend.countTokens(text);
    if (count === undefined) return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
    const oldest = this.counts.size >= remembered && this.counts.keys().next().value;
    if (typeof oldest === 'string') this.counts.delete(oldest);
    this.counts.set(key, count);
    return count;
  }

  /**
   * As `count`, but a very long text that is not known is counted in pieces, one after the other: a change at its end
   * costs one piece, and the engine can write in between. `onPieces` is told, since a cut may split a token.
   */
  async countInPieces(text: string, onPieces: () => void): Promise<number> {
    const pieces = piecesOf(text);
    if (pieces.length < 2 || this.counts.has(keyOf(text))) return this.count(text);
    onPieces();
    let sum = 0;
    for (const piece of pieces) sum += await this.count(piece);
    return sum;
  }
}

function keyOf(text: string): string {
  return text.length < 64 ? text : createHash('sha1').update(text).digest('base64');
}
