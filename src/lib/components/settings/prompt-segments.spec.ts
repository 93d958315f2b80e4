import { describe, expect, it } from 'vitest';
import { promptSegments } from './prompt-segments';

const special = (text: string) => ({ text, isSpecial: true });
const plain = (text: string) => ({ text, isSpecial: false });

describe('promptSegments', () => {
  it.each([
    ['nothing', '', ['<s>'], []],
    ['no tokens', 'a<s>', [], [plain('a<s>')]],
    [
      'a turn',
      '<s>user\nHi</s>\n',
      ['<s>', '</s>'],
      [special('<s>'), plain('user\nHi'), special('</s>'), plain('\n')],
    ],
    ['what looks like a pattern', 'a|b', ['|', '.*'], [plain('a'), special('|'), plain('b')]],
    ['one that begins another', '<s>>', ['<s>', '<s>>'], [special('<s>>')]],
  ])('%s', (_, text, tokens, expected) => {
    const segments = promptSegments(text, tokens);
    expect(segments).toEqual(expected);
    expect(segments.map((segment) => segment.text).join('')).toBe(text);
  });

  it('shows where images are', () => {
    const image = (number: number) => ({ text: `image ${String(number)}`, isSpecial: false, isImage: true });
    expect(promptSegments('<s>\u{F8FF}\u{F8FF}Hi', ['<s>'])).toEqual([
      special('<s>'),
      image(1),
      image(2),
      plain('Hi'),
    ]);
  });
});
