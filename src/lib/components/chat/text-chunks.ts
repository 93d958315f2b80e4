const chunkLength = 8_000;

/**
 * A long text in pieces of some thousand characters, which join to the whole: the browser lays out those in view alone.
 * Pieces end with a line, else with a word, else anywhere but inside a character.
 */
export function textChunks(text: string): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length;) {
    const to = endOfChunk(text, from);
    chunks.push(text.slice(from, to));
    from = to;
  }
  return chunks;
}

function endOfChunk(text: string, from: number): number {
  const limit = from + chunkLength;
  if (limit >= text.length) return text.length;
  for (const separator of ['\n', ' ']) {
    const last = text.lastIndexOf(separator, limit - 1);
    if (last > from) return last + 1;
  }
  const isInsideOfPair = /[\uD800-\uDBFF]/u.test(text.charAt(limit - 1));
  return isInsideOfPair ? limit - 1 : limit;
}
