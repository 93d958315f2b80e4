import type { PieceStyle } from './piece-style';

/** How the tokens of a model are written: a piece each, control tokens, and what its pieces mean. */
export interface Vocabulary {
  pieceOf(token: number): string | undefined;
  /** Control tokens are not shown. */
  isSpecial(token: number): boolean;
  /** Tokens that were added to the vocabulary stand for their own text, not for bytes. */
  isAdded(token: number): boolean;
  style: PieceStyle;
}

/** The bytes that a token stands for; `undefined` for control tokens and for numbers without a token. */
export function bytesOfToken(vocabulary: Vocabulary, token: number): Uint8Array | undefined {
  const piece = vocabulary.isSpecial(token) ? undefined : vocabulary.pieceOf(token);
  if (piece === undefined) return undefined;
  return vocabulary.isAdded(token) ? encoder.encode(piece) : bytesOf(piece, vocabulary.style);
}

/** The text of some tokens; what is no whole character is U+FFFD. */
export function textOfTokens(vocabulary: Vocabulary, tokens: readonly number[]): string {
  const decoder = new TokenDecoder(vocabulary);
  return tokens.map((token) => decoder.push(token)).join('') + decoder.end();
}

/**
 * Turns tokens into text as they come. A token may end inside a character: its bytes wait for the rest. The alphabet
 * of byte-level pieces is GPT-2's: printable bytes stand for themselves, the others for U+0100 and after.
 */
export class TokenDecoder {
  // A byte order mark is text like any other here.
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(private readonly vocabulary: Vocabulary) {}

  /** The text that this token completes; control tokens have none. */
  push(token: number): string {
    const bytes = bytesOfToken(this.vocabulary, token);
    return bytes ? this.decoder.decode(bytes, { stream: true }) : '';
  }

  /** What is left of a character that never became whole, as U+FFFD. */
  end(): string {
    return this.decoder.decode();
  }
}

const encoder = new TextEncoder();
const byteOfCharacter = byteAlphabet();

/** The bytes that a piece stands for. */
export function bytesOf(piece: string, style: PieceStyle): Uint8Array {
  if (style.kind === 'byte-level')
    return Uint8Array.from(piece, (character) => byteOfCharacter.get(character) ?? 0x3f);
  const byte = style.hasByteFallback ? /^<0x([\dA-F]{2})>$/u.exec(piece)?.[1] : undefined;
  if (byte !== undefined) return Uint8Array.of(parseInt(byte, 16));
  return encoder.encode(style.replacements.reduce((text, [from, to]) => text.replaceAll(from, to), piece));
}

function byteAlphabet(): Map<string, number> {
  const alphabet = new Map<string, number>();
  let stranger = 0x100;
  for (let byte = 0; byte < 0x100; byte += 1) {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
    alphabet.set(String.fromCodePoint(isPrintable ? byte : stranger), byte);
    if (!isPrintable) stranger += 1;
  }
  return alphabet;
}
