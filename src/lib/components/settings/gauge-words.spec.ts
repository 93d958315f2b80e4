import { describe, expect, it } from 'vitest';
import type { Measure } from '../../domain/prompt';
import { gaugeOf, gaugeWords } from './gauge-words';

const measure: Measure = {
  contextLength: 8192,
  promptTokens: 216,
  answerTokens: 1024,
  leftOut: 0,
  isExact: true,
};

describe('the gauge', () => {
  it.each([
    ['plenty', measure, 'plenty', '1,240 of 8,192 tokens'],
    ['not counted exactly', { ...measure, isExact: false }, 'plenty', 'About 1,240 of 8,192 tokens'],
    ['nearly full', { ...measure, promptTokens: 6400 }, 'near', '7,424 of 8,192 tokens'],
    ['something is left out', { ...measure, leftOut: 2 }, 'near', '1,240 of 8,192 tokens'],
    [
      'too long',
      { ...measure, tooLong: { tokens: 9120, limit: 7168 } },
      'tooLong',
      'Too long: 9,120 of 7,168 tokens',
    ],
  ])('%s', (_, value, level, summary) => {
    expect(gaugeOf(value).level).toBe(level);
    expect(gaugeWords(value).summary).toBe(summary);
  });

  it('says how many messages are left out, and what the rest is for', () => {
    const room = '216 to read, and room for 1,024 of the answer.';
    expect(gaugeWords(measure).more).toEqual([room]);
    expect(gaugeWords({ ...measure, leftOut: 1 }).more).toEqual(['1 oldest message will be left out.', room]);
    expect(gaugeWords({ ...measure, leftOut: 2 }).more).toEqual([
      '2 oldest messages will be left out.',
      room,
    ]);
  });

  it('is never more than full', () => {
    expect(gaugeOf({ ...measure, promptTokens: 8191, answerTokens: 1024 })).toMatchObject({
      used: 8192,
      share: 1,
    });
  });
});
