import { describe, expect, it } from 'vitest';
import { vocabularyOfTexts } from './__fixtures__/word-vocabulary';
import { PromptLookup } from './prompt-lookup';
import { seededRandom } from './sampling/random';
import { TokenWords } from './token-words';

const vocabulary = 1000;
const cheap = 0.05;
/** Tokens without letters: only where they stand counts. */
const noWords = new TokenWords(vocabularyOfTexts([]));

function after(text: number[], most = 16): PromptLookup {
  const lookup = new PromptLookup(vocabulary, most, noWords);
  lookup.read(text);
  return lookup;
}

const write = (lookup: PromptLookup, tokens: readonly number[]) => {
  for (const token of tokens) lookup.push(token);
};

describe('a draft', () => {
  it.each([
    ['what followed the same three tokens', [1, 2, 3, 4, 5, 6, 9, 1, 2, 3], [4, 5, 6, 9, 1, 2, 3]],
    ['what followed them last', [1, 2, 3, 4, 4, 4, 1, 2, 3, 7, 8, 8, 1, 2, 3], [7, 8, 8, 1, 2, 3]],
    ['what followed the longest run', [7, 1, 2, 3, 8, 1, 2, 4, 7, 1, 2], [3, 8, 1, 2, 4, 7, 1, 2]],
    ['what followed two of them, when three never came before', [1, 2, 5, 6, 8, 1, 2], [5, 6, 8, 1, 2]],
    ['nothing, when they never came before', [1, 2, 3, 4, 5], []],
    ['nothing for a single token', [1, 2, 3, 1], []],
    ['nothing at the beginning', [1], []],
  ])('is %s', (_name, text, expected) => {
    const draft = after(text).draft(16, cheap);
    expect(expected.slice(0, draft.length)).toEqual(draft);
    expect(draft.length > 0).toBe(expected.length > 0);
  });

  it('is never longer than the room, the most, or what is known', () => {
    const text = [1, 2, 3, 4, 5, 6, 9, 1, 2, 3];
    expect(after(text).draft(2, 0.001)).toHaveLength(2);
    expect(after(text, 3).draft(16, 0.001)).toHaveLength(3);
    expect(after(text).draft(16, 0.001)).toHaveLength(7);
    expect(after(text).draft(0, 0.001)).toEqual([]);
  });

  it('grows while guesses come true and ends when they do not', () => {
    const circle = Array.from({ length: 40 }, (_, index) => index + 1);
    const lookup = after([...circle, ...circle.slice(0, 3)]);
    const before = lookup.draft(16, 0.25).length;
    write(lookup, circle.slice(3, 30));
    const grown = lookup.draft(16, 0.25).length;
    expect(grown).toBeGreaterThan(before);
    expect(grown).toBeGreaterThan(6);
    // The same three tokens again and again, and something else after them each time.
    for (let token = 100; token < 140; token += 1) write(lookup, [1, 2, 3, token]);
    write(lookup, [1, 2, 3]);
    expect(lookup.draft(16, 0.25)).toEqual([]);
  });

  it('comes back without being tried: guesses are watched when they are not drafted', () => {
    const lookup = after([1, 2, 3]);
    for (let token = 100; token < 140; token += 1) write(lookup, [1, 2, 3, token]);
    write(lookup, [1, 2, 3]);
    expect(lookup.draft(16, 0.25)).toEqual([]);
    for (let round = 0; round < 20; round += 1) write(lookup, [4, 5, 6, 1, 2, 3]);
    expect(lookup.draft(16, 0.25).length).toBeGreaterThan(2);
  });

  it('is shorter the more a row costs, and none where a row costs a step', () => {
    const line = Array.from({ length: 30 }, (_, index) => index + 1);
    const lengths = [0.05, 0.2, 0.4, 1].map((rowCost) => after([...line, 1, 2, 3]).draft(16, rowCost).length);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
    expect(lengths[0]).toBeGreaterThan(lengths[2] ?? 0);
    expect(lengths.at(-1)).toBe(0);
  });

  it('is seldom made where nothing is repeated', () => {
    const random = seededRandom(11);
    const lookup = after([]);
    let drafted = 0;
    // Pairs of so few tokens are found again all the time, and what followed them tells nothing.
    for (let count = 0; count < 2000; count += 1) {
      lookup.push(Math.floor(random() * 20));
      drafted += lookup.draft(16, 0.25).length;
    }
    expect(drafted / 2000).toBeLessThan(0.04);
  });
});

describe('a text that is repeated with changes', () => {
  const line = Array.from({ length: 30 }, (_, index) => index + 1);
  it.each([
    ['another token', [1, 2, 3, 4, 99, 6], 7],
    ['two other tokens', [1, 2, 3, 4, 98, 99, 7], 8],
    ['one more token', [1, 2, 3, 4, 99, 5], 6],
    ['three more tokens', [1, 2, 3, 4, 97, 98, 99, 5], 6],
    ['a token less', [1, 2, 3, 4, 6], 7],
    ['four tokens less', [1, 2, 3, 4, 9], 10],
  ])('is found again after %s, by one token', (_name, written, next) => {
    const lookup = after(line);
    write(lookup, written);
    expect(lookup.draft(16, cheap)[0]).toBe(next);
  });

  it('is given up where nothing of it follows', () => {
    const lookup = after(line);
    write(lookup, [1, 2, 3, 4, 91, 92, 93, 94, 95, 96, 97, 98, 13]);
    expect(lookup.draft(16, cheap)).toEqual([]);
  });

  it('is not looked for far from where it was left', () => {
    const lookup = after(line);
    write(lookup, [1, 2, 3, 4, 99, 25]);
    expect(lookup.draft(16, cheap)).toEqual([]);
  });
});

describe('words', () => {
  const texts = [
    'We',
    ' have',
    ' rec',
    'ie',
    'ved',
    ' received',
    ' the',
    ' documents',
    ' today',
    ',',
    ' all',
    ' of',
  ];
  const words = new TokenWords(vocabularyOfTexts(texts));
  const tokens = (...parts: string[]) => parts.map((part) => texts.indexOf(part));
  const source = tokens(' all', ',', 'We', ' have', ' rec', 'ie', 'ved', ' the', ' documents', ' today');
  const lookupAfter = (...written: string[]) => {
    const lookup = new PromptLookup(vocabulary, 16, words);
    lookup.read(source);
    write(lookup, tokens(...written));
    return lookup;
  };

  it('that begin like those in their place have taken it, whatever number of tokens those had', () => {
    expect(lookupAfter(',', 'We', ' have', ' received').draft(2, cheap)).toEqual(
      tokens(' the', ' documents'),
    );
  });

  it('that begin otherwise have not', () => {
    expect(lookupAfter(',', 'We', ' have', ' of').draft(2, cheap)).toEqual([]);
  });

  it('of several tokens end a draft once they are always changed, and not before', () => {
    const word = (place: number) => place;
    const part = (place: number) => 100 + place;
    const other = (place: number) => 200 + place;
    const mixed = new TokenWords(
      vocabularyOfTexts(
        Array.from({ length: 300 }, (_, token) => (token < 100 || token >= 200 ? ' w' : 'part')),
      ),
    );
    const places = Array.from({ length: 60 }, (_, place) => place);
    // Each fifth word has two tokens.
    const isLong = (place: number) => place % 5 === 4;
    const text = places.flatMap((place) => (isLong(place) ? [word(place), part(place)] : [word(place)]));
    const draftAfter = (written: number[]) => {
      const lookup = new PromptLookup(vocabulary, 16, mixed);
      lookup.read(text);
      write(lookup, written);
      return lookup.draft(16, 0.25);
    };
    const changed = places.slice(0, 52).map((place) => (isLong(place) ? other(place) : word(place)));
    expect(draftAfter(changed)).toEqual([52, 53].map(word));
    const draft = draftAfter(text.slice(0, text.indexOf(word(52))));
    expect(draft.slice(0, 4)).toEqual([word(52), word(53), word(54), part(54)]);
  });
});
