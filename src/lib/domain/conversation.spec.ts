import { describe, expect, it } from 'vitest';
import { forkTitle, maxTitleLength } from './conversation';

describe('forkTitle', () => {
  it.each([
    ['Paris', 'Paris (fork)'],
    ['Paris (fork)', 'Paris (fork 2)'],
    ['Paris (fork 9)', 'Paris (fork 10)'],
    ['(fork)', '(fork) (fork)'],
    ['', '(fork)'],
  ])('of %j is %j', (title, expected) => {
    expect(forkTitle(title)).toBe(expected);
  });

  it('stays within the longest title, and cuts no character in half', () => {
    const title = forkTitle(`a${'😀'.repeat(60)}`);
    expect(title.length).toBeLessThanOrEqual(maxTitleLength);
    expect(title).toMatch(/^a(?:😀)+ \(fork\)$/u);
  });
});
