/** Texts up to this length, in characters, are one piece: a tokenizer takes some hundredths of a second for it. */
const longestWhole = 32_000;
const longestPiece = 16_000;

/**
 * A text in pieces, cut at the ends of lines where there are some. They are taken from the beginning on, so text that
 * is added at the end changes the last one only.
 */
export function piecesOf(text: string): string[] {
  if (text.length <= longestWhole) return [text];
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > longestPiece) {
    const to = cutAfter(text, from, from + longestPiece);
    pieces.push(text.slice(from, to));
    from = to;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** A text between control tokens, which no tokenizer joins with what is beside them. */
export function betweenTokens(
  text: string,
  specialTokens: readonly string[],
): { texts: string[]; tokens: number } {
  const longestFirst = [...specialTokens].filter((token) => token !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return { texts: [text], tokens: 0 };
  const texts = text.split(new RegExp(longestFirst.map(escaped).join('|'), 'u'));
  return { texts, tokens: texts.length - 1 };
}

function cutAfter(text: string, from: number, to: number): number {
  const line = text.lastIndexOf('\n', to - 1);
  if (line > from) return line + 1;
  const isPair = /^[\uD800-\uDBFF]$/u.test(text.charAt(to - 1));
  return isPair ? to - 1 : to;
}

function escaped(token: string): string {
  return token.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}
