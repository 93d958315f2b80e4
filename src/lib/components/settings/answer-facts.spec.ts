import { describe, expect, it } from 'vitest';
import type { GenerationDetails } from '../../domain/prompt';
import { parameterFacts, runFacts } from './answer-facts';

const run: GenerationDetails = {
  id: 'g',
  conversationId: 'c',
  modelId: 'm',
  status: 'completed',
  finishReason: 'stop',
  parameters: {},
  createdAt: new Date('2026-01-02T03:04:05Z'),
};
const valueOf = (details: GenerationDetails, label: string) =>
  runFacts(details).find((fact) => fact.label === label)?.value;

describe('runFacts', () => {
  const usage = {
    promptTokens: 1200,
    completionTokens: 1,
    cachedTokens: 0,
    firstTextMs: 500,
    durationMs: 2500,
  };

  it.each([
    ['Prompt', '1,200 tokens'],
    ['Answer', '1 token'],
    ['Reused', '0 tokens'],
    ['First text after', '500 ms'],
    ['Took', '2.5 s'],
    ['Speed', '0.5 tokens/s'],
    ['End', 'The model ended it'],
  ])('%s: %s', (label, value) => expect(valueOf({ ...run, usage }, label)).toBe(value));

  it.each([
    ['length', 'completed', 'The greatest length was reached'],
    ['time', 'completed', 'The longest time was reached'],
    [undefined, 'stopped', 'Stopped'],
    [undefined, 'running', 'Still being written'],
  ] as const)('the end by %s and %s', (finishReason, status, words) => {
    expect(valueOf({ ...run, finishReason, status }, 'End')).toBe(words);
  });

  it('leaves out what is not known, and a speed without time', () => {
    const labels = runFacts(run).map(({ label }) => label);
    expect(labels).toEqual(['End', 'Asked']);
    expect(valueOf({ ...run, usage: { ...usage, durationMs: 500 } }, 'Speed')).toBeUndefined();
  });
});

describe('parameterFacts', () => {
  it('has what was set in the order of the table, with its name on the wire', () => {
    const parameters = { stop: ['\n', 'END'], seed: 0, temperature: 0.5 };
    expect(parameterFacts({ ...run, parameters })).toEqual([
      { label: 'Temperature', name: 'temperature', value: '0.5' },
      { label: 'Seed', name: 'seed', value: '0' },
      { label: 'Stop sequences', name: 'stop', value: String.raw`"\n", "END"` },
    ]);
    expect(parameterFacts({ ...run, parameters: { stop: [] } })[0]?.value).toBe('none');
  });

  it('says of a raw completion that it was one', () => {
    const facts = parameterFacts({ ...run, isRaw: true, parameters: { seed: 1 } });
    expect(facts.map(({ name, value }) => [name, value])).toEqual([
      ['isRaw', 'on'],
      ['seed', '1'],
    ]);
  });
});
