import { expect, it } from 'vitest';
import { limitParameters } from './parameter-limits';

it('brings numbers within their limits, and leaves what has none', () => {
  const parameters = { temperature: 3, top_k: 0, max_new_tokens: 5000, seed: 7, stop: ['x'] };
  const limits = { temperature: { max: 1 }, top_k: { min: 1, max: 50 }, max_new_tokens: { max: 2048 } };
  expect(limitParameters(parameters, {}, limits)).toEqual({
    temperature: 1,
    top_k: 1,
    max_new_tokens: 2048,
    seed: 7,
    stop: ['x'],
  });
  expect(limitParameters({}, {}, limits)).toEqual({});
});

it('takes the operator’s value of what is fixed, or none', () => {
  const limits = { temperature: { isFixed: true }, stop: { isFixed: true }, seed: { isFixed: true } };
  expect(limitParameters({ temperature: 2, stop: ['mine'], seed: 1 }, { temperature: 0.2 }, limits)).toEqual({
    temperature: 0.2,
  });
  expect(limitParameters({}, { temperature: 0.2 }, limits)).toEqual({ temperature: 0.2 });
});
