/**
 * Turns tokens of a byte-level vocabulary into text as they come. A token may end inside a character: its bytes wait
 * for the rest. The alphabet is GPT-2's: printable bytes stand for themselves, the others for U+0100 and after.
 */
export class TokenDecoder {
  private readonly decoder = new TextDecoder('utf-8');

  constructor(
    private readonly pieceOf: (token: number) => string | undefined,
    private readonly isSpecial: (token: number) => boolean,
  ) {}

  /** The text that this token completes; control tokens have none. */
  push(token: number): string {
    const piece = this.isSpecial(token) ? undefined : this.pieceOf(token);
    return piece === undefined ? '' : this.decoder.decode(bytesOf(piece), { stream: true });
  }

  /** What is left of a character that never became whole, as U+FFFD. */
  end(): string {
    return this.decoder.decode();
  }
}

function bytesOf(piece: string): Uint8Array {
  return Uint8Array.from(piece, (character) => byteOfCharacter.get(character) ?? 0x3f);
}

const byteOfCharacter = byteAlphabet();

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
