import { expect, it } from 'vitest';
import { modelSummary } from '../../domain/__fixtures__/model-summary';
import { modelFacts } from './model-facts';

it('says what a model sets, what its operator limits, and nothing of the rest or of what it does not know', () => {
  const model = modelSummary({
    id: 'a',
    supportedParameters: ['temperature', 'top_p', 'seed', 'stop'],
    parameters: { temperature: 0.7, stop: ['END'], top_k: 40 },
    parameterLimits: { temperature: { isFixed: true }, top_p: { max: 0.9 } },
  });
  expect(modelFacts(model).map(({ name, value, limit }) => [name, value, limit])).toEqual(
    expect.arrayContaining([
      ['temperature', '0.7', 'Fixed'],
      ['top_p', 'Usual', 'up to 0.9'],
      ['stop', '"END"', ''],
    ]),
  );
  expect(modelFacts(model)).toHaveLength(3);
});
