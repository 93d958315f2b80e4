import type { GrammarMatcher } from '@mlc-ai/web-xgrammar';
import { isAllowed, mostCompletion } from './grammar-protocol';

/** What JSON is closed with first, and what is opened only where nothing else may follow. */
const closing = '}]",: 0123456789';
const opening = '-\\[{';

/**
 * Finds short texts that make an answer whole from where a matcher stands, byte by byte: in JSON whatever closes what is
 * open comes first; elsewhere the byte after which the least may follow. No shortest text is promised, and none at all
 * where this leads nowhere. A finder belongs to one vocabulary.
 */
export class CompletionFinder {
  /** The token of each byte alone, where there is one. */
  private readonly byteTokens: (number | undefined)[] = [];
  private readonly tokens = new Map<string, number>();
  private readonly longest: number;

  constructor(
    pieces: readonly Uint8Array[],
    private readonly eosTokenIds: readonly number[],
  ) {
    for (const [token, piece] of pieces.entries()) {
      if (piece.length > 0) this.tokens.set(Buffer.from(piece).toString('latin1'), token);
      if (piece.length === 1) this.byteTokens[piece[0] ?? 0] = token;
    }
    this.longest = pieces.reduce((most, { length }) => Math.max(most, length), 1);
  }

  /** The tokens of such a text; none when the answer is whole. The matcher is left where it was. */
  async find(matcher: GrammarMatcher, isJson: boolean): Promise<number[] | undefined> {
    let bytes = '';
    try {
      while (bytes.length < mostCompletion) {
        const next = await this.nextBytes(matcher);
        if (next === 'end') return this.tokensOf(bytes);
        const byte = next.length < 2 ? next[0] : isJson ? closest(next) : await this.narrowest(matcher, next);
        if (byte === undefined || !this.accept(matcher, byte)) return undefined;
        bytes += byte;
      }
      return undefined;
    } finally {
      if (bytes.length > 0) matcher.rollBack(bytes.length);
    }
  }

  private accept(matcher: GrammarMatcher, byte: string): boolean {
    const token = this.byteTokens[byte.charCodeAt(0)];
    return token !== undefined && matcher.acceptToken(token);
  }

  /** The bytes that may follow, or that the end may. */
  private async nextBytes(matcher: GrammarMatcher): Promise<string[] | 'end'> {
    const mask = await matcher.getNextTokenBitmask();
    if (this.eosTokenIds.some((token) => isAllowed(mask, token))) return 'end';
    return this.byteTokens.flatMap((token, byte) =>
      token !== undefined && isAllowed(mask, token) ? [String.fromCharCode(byte)] : [],
    );
  }

  private async narrowest(matcher: GrammarMatcher, bytes: readonly string[]): Promise<string | undefined> {
    let [best, least] = [bytes[0], Infinity];
    for (const byte of samples(bytes)) {
      if (!this.accept(matcher, byte)) continue;
      const next = await this.nextBytes(matcher);
      matcher.rollBack(1);
      const width = next === 'end' ? 0 : next.length;
      if (width < least) [best, least] = [byte, width];
    }
    return best;
  }

  /** Written with the longest tokens that fit, from the left. */
  private tokensOf(bytes: string): number[] {
    const tokens: number[] = [];
    for (let at = 0; at < bytes.length;) {
      let length = Math.min(this.longest, bytes.length - at);
      while (length > 1 && !this.tokens.has(bytes.slice(at, at + length))) length -= 1;
      tokens.push(this.tokens.get(bytes.slice(at, at + length)) ?? 0);
      at += length;
    }
    return tokens;
  }
}

/** What closes JSON soonest. Where letters may follow as well as a quotation mark, the place is inside of a string. */
function closest(bytes: readonly string[]): string | undefined {
  const isInString = ['"', 'a', 'q'].every((byte) => bytes.includes(byte));
  if (isInString) return '"';
  const order = (byte: string) => {
    const early = closing.indexOf(byte);
    if (early >= 0) return early;
    return opening.includes(byte) ? 200 : 100;
  };
  return bytes.reduce<string | undefined>(
    (best, byte) => (best === undefined || order(byte) < order(best) ? byte : best),
    undefined,
  );
}

/** Of many letters, digits or bytes of longer characters one stands for all; signs are each looked at. */
function samples(bytes: readonly string[]): string[] {
  const kinds = [/[a-z]/u, /[A-Z]/u, /\d/u, /[^\0-\x7f]/u].map((kind) =>
    bytes.filter((byte) => kind.test(byte)),
  );
  const others = bytes.filter((byte) => !kinds.some((kind) => kind.includes(byte)));
  return [...others, ...kinds.flatMap((kind) => (kind.length > 6 ? kind.slice(0, 1) : kind))];
}
