import { expect, it } from 'vitest';
import { sizeWords } from './size-words';
import { textChunks } from './text-chunks';

it.each([
  ['nothing', ''],
  ['a short text', 'Hello'],
  ['lines', 'A line of words.\n'.repeat(5_000)],
  ['one long line', 'word '.repeat(20_000)],
  ['no break at all', 'x'.repeat(100_000)],
  ['pairs of surrogates', '😀'.repeat(20_000)],
])('%s: the pieces join to the whole, and none is long', (_, text) => {
  const chunks = textChunks(text);
  expect(chunks.join('')).toBe(text);
  for (const chunk of chunks) {
    expect(chunk.length).toBeLessThanOrEqual(8_000);
    expect(chunk).not.toMatch(/[\uD800-\uDBFF]$/u);
  }
});

it('breaks at the ends of lines where there are any', () => {
  const chunks = textChunks('A line of words.\n'.repeat(5_000));
  expect(chunks.length).toBeGreaterThan(5);
  expect(chunks.every((chunk) => chunk.endsWith('\n'))).toBe(true);
});

it.each([
  ['one two', '7 characters'],
  ['x'.repeat(12_345), '12,345 characters'],
  ['a\nb', '2 lines'],
  ['a\n'.repeat(2_000), '2,000 lines'],
])('says how long a text is', (text, words) => expect(sizeWords(text)).toBe(words));
