import { describe, expect, it } from 'vitest';
import { escaped, typedNumber, unescaped } from './typed-text';

describe('texts of one line', () => {
  it.each(['a\nb', '\t', 'plain', ' two  words '])('%j comes back from its field', (text) => {
    expect(escaped(text)).not.toMatch(/[\n\t]/u);
    expect(unescaped(escaped(text))).toBe(text);
  });
});

describe('typedNumber', () => {
  it.each([
    ['1.5', 1.5],
    ['1,5', 1.5],
    [' -3 ', -3],
    ['−3', -3],
    ['', NaN],
    ['  ', NaN],
    ['x', NaN],
    ['1,5,2', NaN],
  ])('%j is %s', (text, number) => expect(typedNumber(text)).toBe(number));
});
