import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../../domain/parameters';
import { seededRandom } from './random';
import { SamplingMemory } from './sampling-memory';
import { argmax, draw, keepCandidates } from './warping';

const logOf = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);

/** The tokens to choose among, in their order. */
function kept(logits: Float32Array, parameters: GenerationParameters): number[] {
  const memory = new SamplingMemory(logits.length);
  const count = keepCandidates(logits, parameters, memory);
  const withWeight = [...memory.tokens.subarray(0, count)].filter((_, index) => memory.weights[index] !== 0);
  return withWeight.sort((a, b) => a - b);
}

describe('keepCandidates', () => {
  const five = logOf(0.1, 0.4, 0.05, 0.3, 0.15);
  const cases: [name: string, parameters: GenerationParameters, tokens: number[]][] = [
    ['everything without limits', {}, [0, 1, 2, 3, 4]],
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
    // Surprises 2.30, 0.92, 3.00, 1.20, 1.90; expected 1.39: distances 0.91, 0.48, 1.60, 0.19, 0.51.
    ['the most typical token', { typical_p: 0.2 }, [3]],
    ['the typical tokens up to a share', { typical_p: 0.6 }, [1, 3]],
    ['one more typical token where the share is passed inside it', { typical_p: 0.75 }, [1, 3, 4]],
    ['one token with typical_p 0', { typical_p: 0 }, [3]],
    // Of 0.4 and 0.3: surprises 0.56 and 0.85, expected 0.68; 0.12 is closer than 0.16.
    ['what is typical of the tokens that top_k left', { top_k: 2, typical_p: 0.5 }, [1]],
  ];
  it.each(cases)('keeps %s', (_, parameters, tokens) => expect(kept(five, parameters)).toEqual(tokens));

  it('measures a nucleus against all tokens, also against a long tail of rare ones', () => {
    const tail = Array<number>(40_000).fill(0.4 / 40_000);
    const logits = logOf(...Array<number>(10).fill(0.06), ...tail);
    expect(kept(logits, { top_p: 0.5 })).toHaveLength(9);
  });

  it('keeps with the last typical token all that are as typical', () => {
    // Even probabilities are all as surprising as expected.
    expect(kept(logOf(0.25, 0.25, 0.25, 0.25), { typical_p: 0.3 })).toEqual([0, 1, 2, 3]);
  });

  it('agrees with sorting everything where many tokens are typical', () => {
    const random = seededRandom(9);
    const logits = Float32Array.from({ length: 2000 }, () => 6 * random());
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const surprises = [...logits].map((logit) => Math.log(total) - logit);
    const expected = surprises.reduce((sum, surprise) => sum + surprise * Math.exp(-surprise), 0);
    const tokens = [...logits.keys()].sort(
      (a, b) => Math.abs((surprises[a] ?? 0) - expected) - Math.abs((surprises[b] ?? 0) - expected),
    );
    let sum = 0;
    const last = tokens.findIndex((token) => (sum += Math.exp(-(surprises[token] ?? 0))) >= 0.7);
    expect(kept(logits, { typical_p: 0.7 })).toEqual(tokens.slice(0, last + 1).sort((a, b) => a - b));
  });

  it('keeps nothing where everything is forbidden, and never what is', () => {
    expect(kept(Float32Array.of(-Infinity, -Infinity), {})).toEqual([]);
    const some = Float32Array.of(-Infinity, 1, -Infinity);
    for (const parameters of [{}, { top_k: 3 }, { top_p: 0.9 }, { typical_p: 0.9 }, { min_p: 0.1 }])
      expect(kept(some, parameters)).toEqual([1]);
  });
});

describe('draw', () => {
  const choose = (memory: SamplingMemory, weights: number[], number: number) => {
    memory.tokens.set([...weights.keys()]);
    memory.weights.set(weights);
    return draw(memory, weights.length, () => number);
  };

  it('takes the token in whose part of the whole the number lies', () => {
    const memory = new SamplingMemory(3);
    const at = [0, 0.24, 0.26, 0.74, 0.76, 0.999].map((number) => choose(memory, [1, 2, 1], number));
    expect(at).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('never takes a token without weight, at neither end', () => {
    const memory = new SamplingMemory(4);
    expect(choose(memory, [0, 1, 1, 0], 0)).toBe(1);
    expect(choose(memory, [0, 1, 1, 0], 1)).toBe(2);
  });
});

describe('argmax', () => {
  it('takes the first of equal logits', () => expect(argmax(Float32Array.of(1, 3, 3, 2))).toBe(1));
});
