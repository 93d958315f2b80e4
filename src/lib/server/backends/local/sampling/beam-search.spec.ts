import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../../domain/parameters';
import { BeamSearch, type BeamSearchOptions, type BeamStep } from './beam-search';
import { seededRandom } from './random';
import { createTokenChooser } from './token-chooser';

const end = 3;
const vocabulary = 4;
const text = { encode: () => [], bytesOf: () => undefined };

/** What a model of four tokens says of the next one after `tokens`. */
type Model = (tokens: readonly number[]) => Float32Array;

/** Some model, always the same for a seed: no two texts are equally likely. */
const modelOf =
  (seed: number): Model =>
  (tokens) => {
    const random = seededRandom(tokens.reduce((mixed, token) => mixed * 31 + token + 1, seed));
    return Float32Array.from({ length: vocabulary }, () => 3 * random());
  };

/** A model that says probabilities by the tokens so far, and the end where nothing is said. */
const tableOf =
  (table: Record<string, number[]>): Model =>
  (tokens) =>
    Float32Array.from(table[tokens.join('')] ?? [0, 0, 0, 1], Math.log);

async function search(
  model: Model,
  options: Partial<BeamSearchOptions>,
  { parameters = { temperature: 0 }, seed = 1 }: { parameters?: GenerationParameters; seed?: number } = {},
) {
  const search = new BeamSearch({
    numBeams: 2,
    lengthPenalty: 1,
    earlyStopping: false,
    count: 1,
    eosTokenIds: [end],
    maxNewTokens: 4,
    ...options,
  });
  const random = seededRandom(seed);
  const chooser = await createTokenChooser({
    parameters,
    prompt: [],
    eosTokenIds: [end],
    vocabulary,
    text,
    random,
  });
  let beams = [{ tokens: [] as number[], chooser }];
  const steps: (readonly BeamStep[])[] = [];
  for (;;) {
    const next = search.advance(
      beams.map(({ tokens }) => model(tokens)),
      beams.map((beam) => beam.chooser),
    );
    if (!next) return { results: search.results(), steps };
    steps.push(next);
    beams = next.flatMap(({ parent, token }) => {
      const before = beams[parent];
      if (!before) return [];
      const forked = before.chooser.fork();
      forked.accept(token);
      return [{ tokens: [...before.tokens, token], chooser: forked }];
    });
  }
}

/** Every whole text up to so many tokens, best first. */
function everything(model: Model, most: number, lengthPenalty: number) {
  const found: { tokens: number[]; score: number }[] = [];
  const visit = (tokens: number[], sum: number) => {
    if (tokens.length === most || tokens.at(-1) === end) {
      found.push({ tokens, score: sum / tokens.length ** lengthPenalty });
      return;
    }
    const logits = model(tokens);
    const total = Math.log(logits.reduce((part, logit) => part + Math.exp(logit), 0));
    for (const [token, logit] of logits.entries()) visit([...tokens, token], sum + logit - total);
  };
  visit([], 0);
  return found.sort((a, b) => b.score - a.score);
}

// After 0, likelier at first, the text goes on badly: greedy finds 0.5 * 0.4 = 0.2, two beams find 0.4 * 0.9 = 0.36.
const garden = { '': [0.5, 0.4, 0.1, 0], 0: [0.4, 0.3, 0.3, 0], 1: [0, 0.05, 0.9, 0.05] };

describe('beam search', () => {
  it.each([1, 2, 3, 4, 5])('finds the best of all texts with enough beams (model %i)', async (seed) => {
    for (const lengthPenalty of [0, 1, 2, -1]) {
      const { results } = await search(modelOf(seed), { numBeams: 200, count: 5, lengthPenalty });
      const best = everything(modelOf(seed), 4, lengthPenalty).slice(0, 5);
      expect(results.map(({ tokens }) => tokens)).toEqual(best.map(({ tokens }) => tokens));
      for (const [rank, { score }] of best.entries()) expect(results[rank]?.score).toBeCloseTo(score, 5);
    }
  });

  it('follows the likeliest token alone with one beam, and finds what that misses with two', async () => {
    const [one, two] = [await search(tableOf(garden), { numBeams: 1 }), await search(tableOf(garden), {})];
    expect(one.results[0]?.tokens).toEqual([0, 0, end]);
    expect(two.results[0]?.tokens).toEqual([1, 2, end]);
    expect(two.results[0]?.score).toBeCloseTo(Math.log(0.36) / 3, 5);
  });

  it('says which beam each token follows', async () => {
    const { steps } = await search(tableOf(garden), {});
    expect(steps[0]).toEqual([
      { parent: 0, token: 0 },
      { parent: 0, token: 1 },
    ]);
    // 0.36 after the second beam, 0.2 after the first.
    expect(steps[1]).toEqual([
      { parent: 1, token: 2 },
      { parent: 0, token: 0 },
    ]);
  });

  // Short: 0.6 with the end. Long: 0.4, then sure: -0.92 in all.
  const shortOrLong = { '': [0, 0.4, 0, 0.6], 1: [1, 0, 0, 0], 10: [1, 0, 0, 0] };
  it.each([
    ['the sum with length penalty 0', 0, [end], Math.log(0.6)],
    ['a short text below 0', -1, [end], Math.log(0.6)],
    ['a long text above 0', 1, [1, 0, 0, end], Math.log(0.4) / 4],
  ])('prefers %s', async (_, lengthPenalty, tokens, score) => {
    const { results } = await search(tableOf(shortOrLong), { lengthPenalty });
    expect(results[0]?.tokens).toEqual(tokens);
    expect(results[0]?.score).toBeCloseTo(score, 5);
  });

  // With length penalty 2: "1 end" -0.26, "1 2 end" -0.36 fills the two places, "0 2 0 end" would reach -0.08.
  const slow = { '': [0.5, 0.4, 0.05, 0.05], 0: [0, 0, 0.55, 0.45], 1: [0, 0, 0.1, 0.9], '02': [1, 0, 0, 0] };
  it.each([
    [
      'goes on for a better text without early stopping',
      false,
      [
        [0, 2, 0, end],
        [1, end],
      ],
    ],
    [
      'ends with enough finished texts with it',
      true,
      [
        [1, end],
        [1, 2, end],
      ],
    ],
  ])('%s', async (_, earlyStopping, tokens) => {
    const { results } = await search(tableOf(slow), { lengthPenalty: 2, count: 2, earlyStopping });
    expect(results.map((hypothesis) => hypothesis.tokens)).toEqual(tokens);
  });

  it('ends texts at the most tokens, and says so', async () => {
    const endless = tableOf({ '': [1, 0, 0, 0], 0: [0.7, 0.3, 0, 0], '00': [0.6, 0.4, 0, 0] });
    const { results } = await search(endless, { maxNewTokens: 3, count: 2 });
    expect(results.map(({ tokens, reason }) => ({ tokens, reason }))).toEqual([
      { tokens: [0, 0, 0], reason: 'length' },
      { tokens: [0, 1, end], reason: 'stop' },
    ]);
  });

  it('takes a text that is stopped for finished', async () => {
    const isStopped = (tokens: readonly number[]) => tokens.at(-1) === 2;
    const { results } = await search(tableOf(garden), { isStopped });
    expect(results[0]).toMatchObject({ tokens: [1, 2], reason: 'stop' });
  });

  it('forbids in each beam what its own text forbids', async () => {
    const loop = tableOf({
      '': [0.9, 0.1, 0, 0],
      0: [0.9, 0.1, 0, 0],
      1: [0.5, 0.5, 0, 0],
      '01': [0, 0, 0, 1],
    });
    const { results } = await search(loop, {}, { parameters: { temperature: 0, no_repeat_ngram_size: 1 } });
    expect(results[0]?.tokens).toEqual([0, 1, end]);
  });

  it('offers the beams as they are when it is asked before its end', () => {
    const search = new BeamSearch({
      numBeams: 2,
      lengthPenalty: 1,
      earlyStopping: false,
      count: 2,
      eosTokenIds: [end],
      maxNewTokens: 4,
    });
    expect(search.results()).toEqual([{ tokens: [], score: 0, reason: 'length' }]);
  });

  it('refuses more answers than beams', () => {
    const options = { numBeams: 2, lengthPenalty: 1, earlyStopping: false, eosTokenIds: [], maxNewTokens: 1 };
    expect(() => new BeamSearch({ ...options, count: 3 })).toThrow('3 answers need at least 3 beams, not 2.');
  });
});

describe('beam sampling', () => {
  const model = tableOf({ '': [0.5, 0.3, 0.2, 0] });

  it('gives the same texts for the same seed, and others for others', async () => {
    const options = { numBeams: 3, count: 3 };
    const texts = async (seed: number) =>
      (await search(modelOf(8), options, { parameters: {}, seed })).results.map(({ tokens }) =>
        tokens.join(''),
      );
    expect(await texts(5)).toEqual(await texts(5));
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map(texts));
    expect(new Set(all.map((written) => written.join())).size).toBeGreaterThan(1);
  });

  it('draws the first tokens of the beams without putting back, as often as is likely', async () => {
    // Of two looked at, without putting back: token 0 is among them unless 1 and 2 are drawn.
    const missing = 0.3 * (0.2 / 0.7) + 0.2 * (0.3 / 0.8);
    let without = 0;
    const rounds = 2000;
    for (let seed = 0; seed < rounds; seed += 1) {
      const { steps } = await search(model, { numBeams: 1 }, { parameters: { temperature: 1 }, seed });
      const [first] = steps[0] ?? [];
      if (first?.token !== 0) without += 1;
    }
    expect(without / rounds).toBeCloseTo(missing, 1);
  });

  it('draws only among what the parameters leave', async () => {
    const { steps } = await search(model, { numBeams: 2 }, { parameters: { top_k: 1 } });
    expect(steps[0]).toEqual([{ parent: 0, token: 0 }]);
  });
});
