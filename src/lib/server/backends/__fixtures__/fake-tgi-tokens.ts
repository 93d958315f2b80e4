interface FakeToken {
  id: number;
  text: string;
  start: number;
  stop: number;
}

const beginning = 1;
const special: Record<string, number> = { '<s>': beginning, '</s>': 2, '<|im_start|>': 3, '<|im_end|>': 4 };
const pieces = /<s>|<\/s>|<\|im_(?:start|end)\|>|\s*[^\s<]+|\s+|</gu;

/** What `/tokenize` says: special tokens, words, and the beginning that the tokenizer adds, which has no place in the text. */
export function fakeTokens(text: string): FakeToken[] {
  const tokens = [...text.matchAll(pieces)].map(([piece]) => ({ piece, id: special[piece] ?? idOf(piece) }));
  let at = 0;
  return [
    { id: beginning, text: '', start: 0, stop: 0 },
    ...tokens.map(({ piece, id }) => {
      const start = at;
      at += Buffer.byteLength(piece);
      return { id, text: piece, start, stop: at };
    }),
  ];
}

function idOf(piece: string): number {
  return (
    100 + ([...piece].reduce((sum, character) => sum * 31 + (character.codePointAt(0) ?? 0), 7) % 30_000)
  );
}
