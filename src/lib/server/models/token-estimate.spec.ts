import { describe, expect, it } from 'vitest';
import { TokenEstimate } from './token-estimate';

const english = 'The quick brown fox jumps over the lazy dog. '.repeat(20);

describe('TokenEstimate', () => {
  it('begins with three bytes for a token, and counts bytes and not characters', () => {
    const estimate = new TokenEstimate();
    expect(estimate.of('')).toBe(0);
    expect(estimate.of('abcdef')).toBe(2);
    expect(estimate.of('狐狸')).toBe(2);
  });

  it('takes a higher figure at once, with a margin', () => {
    const estimate = new TokenEstimate();
    estimate.learn([english], 600);
    expect(estimate.of(english)).toBe(Math.ceil(600 * 1.1));
  });

  it('comes down slowly, and near what it hears again and again', () => {
    const estimate = new TokenEstimate();
    const before = estimate.of(english);
    estimate.learn([english], 200);
    expect(estimate.of(english)).toBeLessThan(before);
    expect(estimate.of(english)).toBeGreaterThan(before * 0.8);
    for (let turn = 0; turn < 30; turn += 1) estimate.learn([english], 200);
    expect(estimate.of(english)).toBeGreaterThanOrEqual(200);
    expect(estimate.of(english)).toBeLessThanOrEqual(221);
  });

  it.each([
    ['a server that left out what it had cached', 20],
    ['next to nothing of a long text', 33],
    ['more tokens than there are bytes', 4000],
  ])('passes over %s', (_, tokens) => {
    const estimate = new TokenEstimate();
    const before = estimate.of(english);
    estimate.learn([english], tokens);
    expect(estimate.of(english)).toBe(before);
  });
});
