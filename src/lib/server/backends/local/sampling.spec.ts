import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../domain/parameters';
import { seededRandom } from './random';
import { sample, SamplingMemory } from './sampling';

const logOf = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);

/** Which tokens can be drawn, found by asking for every thousandth of the unit interval. */
function reachable(logits: Float32Array, parameters: GenerationParameters, seen: number[] = []): number[] {
  const found = new Set<number>();
  for (let at = 0; at < 1000; at += 1) {
    found.add(sample(logits.slice(), parameters, seen, () => (at + 0.5) / 1000));
  }
  return [...found].sort((a, b) => a - b);
}

describe('sample', () => {
  const five = logOf(0.1, 0.4, 0.05, 0.3, 0.15);
  const cases: [name: string, parameters: GenerationParameters, tokens: number[]][] = [
    ['everything without limits', {}, [0, 1, 2, 3, 4]],
    ['the likeliest at temperature 0', { temperature: 0 }, [1]],
    ['the likeliest at a temperature close to 0', { temperature: 1e-9 }, [1]],
    ['the likeliest at a temperature that is almost no number', { temperature: 5e-324 }, [1]],
    ['the two likeliest', { top_k: 2 }, [1, 3]],
    ['all with a top_k over the vocabulary', { top_k: 100 }, [0, 1, 2, 3, 4]],
    ['a nucleus that ends inside a token', { top_p: 0.5 }, [1, 3]],
    ['a nucleus that a third token completes', { top_p: 0.8 }, [1, 3, 4]],
    ['one token with top_p 0', { top_p: 0 }, [1]],
    // Of the two kept by top_k the first has 0.4 / 0.7 = 0.57.
    ['a nucleus of what top_k left', { top_k: 2, top_p: 0.5 }, [1]],
    ['at least half of the likeliest', { min_p: 0.5 }, [1, 3]],
    ['at least a third, within top_k', { min_p: 0.3, top_k: 4 }, [1, 3, 4]],
    ['at least a third, within a nucleus', { min_p: 0.3, top_p: 0.99 }, [1, 3, 4]],
    // Temperature 0.5 squares the probabilities: 0.16 of 0.285 is 0.56, above the nucleus.
    ['a nucleus after the temperature', { temperature: 0.5, top_p: 0.55 }, [1]],
  ];
  for (const [name, parameters, tokens] of cases) {
    it(`keeps ${name}`, () => expect(reachable(five, parameters)).toEqual(tokens));
  }

  it('measures a nucleus against all tokens, also against a long tail of rare ones', () => {
    const tail = Array<number>(40_000).fill(0.4 / 40_000);
    const logits = logOf(...Array<number>(10).fill(0.06), ...tail);
    expect(reachable(logits, { top_p: 0.5 })).toHaveLength(9);
  });

  it('penalizes what was seen, once, on both sides of zero', () => {
    const logits = Float32Array.of(2, -1, 1.5, -3);
    sample(logits, { temperature: 0, repetition_penalty: 2 }, new Set([0, 1]), () => 0);
    expect([...logits]).toEqual([1, -2, 1.5, -3]);
    expect(reachable(Float32Array.of(2, -1, 1.5), { temperature: 0, repetition_penalty: 2 }, [0])).toEqual([
      2,
    ]);
  });

  it('draws as often as the probabilities say', () => {
    const random = seededRandom(5);
    const memory = new SamplingMemory(five.length);
    const counts = [0, 0, 0, 0, 0];
    const draws = 20_000;
    for (let round = 0; round < draws; round += 1) {
      const token = sample(five.slice(), {}, [], random, memory);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    for (const [token, share] of [0.1, 0.4, 0.05, 0.3, 0.15].entries()) {
      expect((counts[token] ?? 0) / draws).toBeCloseTo(share, 1);
    }
  });

  it('leaves nothing of one choice in the memory for the next', () => {
    const memory = new SamplingMemory(five.length);
    sample(five.slice(), {}, [], () => 0.99, memory);
    expect(sample(five.slice(), { top_k: 1 }, [], () => 0.99, memory)).toBe(1);
  });
});

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
