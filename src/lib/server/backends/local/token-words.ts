import { textOfTokens, type Vocabulary } from './token-decoder';

/** Where the words of a text begin, as far as its tokens tell. */
export class TokenWords {
  private readonly texts = new Map<number, string>();

  constructor(private readonly vocabulary: Vocabulary) {}

  /** Whether a token goes on with the word before it, if there is one. */
  continuesWord(token: number): boolean {
    return /^[\p{L}\p{N}\p{M}]/u.test(this.textOf(token));
  }

  /** Whether two tokens begin with the same letter; spaces and capitals make no difference. */
  beginAlike(one: number, other: number): boolean {
    const [a, b] = [this.firstLetter(one), this.firstLetter(other)];
    return a !== undefined && a === b;
  }

  private firstLetter(token: number): string | undefined {
    return /^\s*([\p{L}\p{N}])/u.exec(this.textOf(token))?.[1]?.toLowerCase();
  }

  private textOf(token: number): string {
    const known = this.texts.get(token);
    if (known !== undefined) return known;
    const text = textOfTokens(this.vocabulary, [token]);
    this.texts.set(token, text);
    return text;
  }
}
