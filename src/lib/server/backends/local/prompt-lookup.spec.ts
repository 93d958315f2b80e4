import { describe, expect, it } from 'vitest';
import { PromptLookup } from './prompt-lookup';

const vocabulary = 1000;
const cheap = 0.05;

function after(text: number[], most = 16): PromptLookup {
  const lookup = new PromptLookup(vocabulary, most);
  lookup.read(text);
  return lookup;
}

describe('a draft', () => {
  it.each([
    ['what followed the same three tokens', [1, 2, 3, 4, 5, 6, 9, 1, 2, 3], [4, 5, 6, 9, 1, 2, 3]],
    ['what followed them last', [1, 2, 3, 4, 4, 4, 1, 2, 3, 7, 8, 8, 1, 2, 3], [7, 8, 8, 1, 2, 3]],
    ['what followed two of them, when three never came before', [1, 2, 5, 6, 8, 1, 2], [5, 6]],
    ['nothing, when they never came before', [1, 2, 3, 4, 5], []],
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
    expect(after(text).draft(16, 0.001).length).toBeLessThanOrEqual(7);
    expect(after(text).draft(0, 0.001)).toEqual([]);
  });

  it('grows while guesses come true and ends when they do not', () => {
    const circle = Array.from({ length: 40 }, (_, index) => index + 1);
    const lookup = after([...circle, ...circle.slice(0, 3)]);
    const before = lookup.draft(16, 0.25).length;
    for (const token of circle.slice(3, 30)) lookup.push(token);
    const grown = lookup.draft(16, 0.25).length;
    expect(grown).toBeGreaterThan(before);
    expect(grown).toBeGreaterThan(6);
    // The same three tokens again and again, and something else after them each time.
    for (let token = 100; token < 140; token += 1) for (const next of [1, 2, 3, token]) lookup.push(next);
    for (const next of [1, 2, 3]) lookup.push(next);
    expect(lookup.draft(16, 0.25)).toEqual([]);
  });

  it('comes back without being tried: guesses are watched when they are not drafted', () => {
    const lookup = after([1, 2, 3]);
    for (let token = 100; token < 140; token += 1) for (const next of [1, 2, 3, token]) lookup.push(next);
    for (const next of [1, 2, 3]) lookup.push(next);
    expect(lookup.draft(16, 0.25)).toEqual([]);
    for (let round = 0; round < 20; round += 1) for (const next of [4, 5, 6, 1, 2, 3]) lookup.push(next);
    expect(lookup.draft(16, 0.25).length).toBeGreaterThan(2);
  });
});
