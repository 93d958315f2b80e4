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
});
