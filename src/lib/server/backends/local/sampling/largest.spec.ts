import { describe, expect, it } from 'vitest';
import { takeLargest } from './largest';
import { seededRandom } from './random';

describe('takeLargest', () => {
  it('agrees with sorting everything, also where logits are equal', () => {
    const random = seededRandom(3);
    for (const count of [1, 2, 7, 64, 499, 500]) {
      const logits = Float32Array.from({ length: 500 }, () => Math.floor(random() * 40));
      const tokens = new Int32Array(500);
      const sorted = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
      const taken = takeLargest(logits, tokens, { count });
      expect([...tokens.subarray(0, taken)]).toEqual(sorted.slice(0, count));
    }
  });

  it('leaves out what is under the least logit', () => {
    const tokens = new Int32Array(4);
    expect(takeLargest(Float32Array.of(1, 3, 2, 0), tokens, { count: 4, least: 2 })).toBe(2);
    expect([...tokens.subarray(0, 2)]).toEqual([1, 2]);
  });
});
