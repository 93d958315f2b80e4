import { describe, expect, it } from 'vitest';
import { seededRandom } from './random';

describe('seededRandom', () => {
  const take = (seed: number, count = 4) => Array.from({ length: count }, seededRandom(seed));

  it('repeats itself for a seed, and differs for another', () => {
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
    expect(take(0)).not.toEqual(take(4_294_967_295));
  });

  it('stays in [0, 1) and is even', () => {
    const numbers = take(1, 10_000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((a, b) => a + b) / numbers.length).toBeCloseTo(0.5, 1);
  });
});
