import { describe, expect, it } from 'vitest';
import { Pace } from './pace';

describe('a piece of a prompt', () => {
  it('is as long as fits the time on this machine, shorter while others write', () => {
    const pace = new Pace(0.8);
    for (let index = 0; index < 60; index += 1) pace.noteRead(100, 100);
    expect(pace.pieceOf(2000, false)).toBeGreaterThan(pace.pieceOf(2000, true));
    const [alone, shared] = [pace.pieceOf(2000, false), pace.pieceOf(2000, true)];
    for (let index = 0; index < 60; index += 1) pace.noteRead(100, 1000);
    expect(pace.pieceOf(2000, false)).toBeLessThan(alone / 4);
    expect(pace.pieceOf(2000, true)).toBeLessThanOrEqual(shared / 3);
  });

  it('is never a single token, and never leaves one', () => {
    const pace = new Pace(0.8);
    for (let unread = 2; unread < 600; unread += 1) {
      let left = unread;
      while (left > 0) {
        const piece = pace.pieceOf(left, true);
        expect(piece).toBeGreaterThan(1);
        left -= piece;
        expect(left).not.toBe(1);
      }
      expect(left).toBe(0);
    }
    expect(pace.pieceOf(1, false)).toBe(1);
  });
});

describe('what a row costs', () => {
  it('follows what is measured, within reason', () => {
    const pace = new Pace(0.8);
    for (let index = 0; index < 40; index += 1) {
      pace.noteStep(10);
      pace.noteVerified(5, 26);
    }
    expect(pace.rowCost).toBeCloseTo(0.4, 1);
    for (let index = 0; index < 40; index += 1) pace.noteVerified(2, 500);
    expect(pace.rowCost).toBeLessThanOrEqual(1);
    expect(pace.rowCost).toBeGreaterThan(0.8);
  });

  it('is hardly another for one call that took long', () => {
    const pace = new Pace(0.8);
    pace.noteStep(10);
    const before = pace.rowCost;
    pace.noteVerified(3, 200);
    expect(pace.rowCost).toBeGreaterThan(before);
    expect(pace.rowCost).toBeLessThan(before + 0.05);
  });
});
