import { describe, expect, it } from 'vitest';
import { valueWords } from './value-words';

describe('valueWords', () => {
  it.each<[Parameters<typeof valueWords>[0], string]>([
    [0, '0'],
    [0.25, '0.25'],
    [true, 'on'],
    [false, 'off'],
    [[], 'none'],
    [['\n', 'END'], String.raw`"\n", "END"`],
    [
      [
        { text: ' cat', bias: 5 },
        { token: 12, bias: -2.5 },
      ],
      '" cat" +5, token 12 −2.5',
    ],
    [{ type: 'json', value: { type: 'object' } }, 'JSON of the schema {"type":"object"}'],
    [{ type: 'regex', value: '[0-9]+' }, 'matches [0-9]+'],
    [{ type: 'choice', value: ['yes', 'no'] }, 'one of "yes", "no"'],
    [{ type: 'regex', value: 'x'.repeat(201) }, `matches ${'x'.repeat(200)}…`],
  ])('of %j', (value, words) => expect(valueWords(value)).toBe(words));
});
