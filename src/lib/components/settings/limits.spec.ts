import { describe, expect, it } from 'vitest';
import { describeParameter } from '../../domain/parameters';
import { limitWords, narrowed, underLimit } from './limits';

describe('narrowed', () => {
  const temperature = describeParameter('temperature');

  it('leaves what nobody limits', () => {
    expect(narrowed(temperature, {})).toEqual(temperature);
  });

  it('takes the narrower of both ends, for the field and for the slider', () => {
    const field = narrowed(temperature, { min: 0.5, max: 1000 });
    expect(field).toMatchObject({ min: 0.5, max: temperature.max, usual: { min: 0.5 } });
    expect(narrowed(temperature, { max: 0.5 })).toMatchObject({ max: 0.5, usual: { max: 0.5 } });
  });

  it('ends the slider where the model ends, and not the field', () => {
    const longest = describeParameter('max_new_tokens');
    expect(narrowed(longest, {}, 300)).toMatchObject({ max: longest.max, usual: { max: 300 } });
  });
});

describe('underLimit', () => {
  const of = (value: number | undefined, limit: object) =>
    underLimit(value, { own: 0.7, limit, modelName: 'Aster' });

  it('gives the fixed value of the model, whatever is set', () => {
    expect(of(1.5, { isFixed: true })).toEqual({ value: 0.7 });
    // As a run takes it.
    expect(of(1.5, { isFixed: true, max: 0.5 })).toEqual({ value: 0.5 });
  });

  it('says what counts of a value that the model does not allow', () => {
    expect(of(1.5, { min: 0, max: 1 })).toEqual({ value: 1.5, note: 'Aster allows 0 to 1: 1 counts.' });
    expect(of(1, { min: 0, max: 1 })).toEqual({ value: 1 });
    expect(of(undefined, { max: 1 })).toEqual({ value: undefined });
  });
});

it.each([
  [{ isFixed: true, max: 1 }, 'Fixed'],
  [{ min: 1, max: 4096 }, '1 to 4,096'],
  [{ min: 2 }, '2 or more'],
  [{ max: 0.5 }, 'up to 0.5'],
  [{}, ''],
])('%j in words is %j', (limit, words) => {
  expect(limitWords(limit)).toBe(words);
});
