import { describe, expect, it } from 'vitest';
import { modelSummary } from '../../domain/__fixtures__/model-summary';
import {
  capabilityWords,
  chatWords,
  contextWords,
  firstSentence,
  groupModels,
  letterOf,
  matchModels,
  nameOfId,
  stateWords,
  typedAhead,
} from './model-words';

const aster = modelSummary({ id: 'org/aster', name: 'Aster', origin: 'local' });
const birch = modelSummary({
  id: 'org/birch',
  name: 'Birch',
  provider: 'The wood',
  description: 'For poems.',
});
const basil = modelSummary({
  id: 'b2',
  name: 'Basil',
  origin: 'local',
  capabilities: { reasoning: true, completion: true, text2text: { name: 'Translate' } },
});
const models = [aster, birch, basil];

it('models of one provider stand together, in the order in which the first of each comes', () => {
  expect(groupModels(models)).toEqual([
    { label: 'On this server', models: [aster, basil] },
    { label: 'The wood', models: [birch] },
  ]);
});

it.each([
  ['', models],
  ['ORG', [aster, birch]],
  ['org poems', [birch]],
  ['wood', [birch]],
  ['reason', [basil]],
  ['nothing of the kind', []],
])('the words "%s" find what has all of them', (typed, found) => {
  expect(matchModels(models, typed)).toEqual(found);
});

describe('typing ahead', () => {
  it.each([
    ['b', 0, 1],
    ['b', 1, 2],
    ['b', 2, 1],
    ['ba', 1, 2],
    ['bi', 1, 1],
    ['x', 0, undefined],
  ])('%s from place %i leads to %s', (typed, at, place) => {
    expect(typedAhead(models, at, typed)).toBe(place);
  });

  it('leads nowhere in an empty list', () => {
    expect(typedAhead([], -1, 'a')).toBeUndefined();
  });
});

it('what a model can do is said in a word or two, and less where a message is written', () => {
  expect(capabilityWords(basil)).toEqual(['Translate', 'Reasoning', 'Completion']);
  expect(chatWords(basil)).toEqual(['Translate', 'Reasoning']);
  expect(capabilityWords(aster)).toEqual([]);
});

it.each([
  [4096, '4,096 tokens'],
  [131_072, '131k tokens'],
  [1_048_576, '1M tokens'],
  [1_500_000, '1.5M tokens'],
])('%i is %s', (tokens, words) => {
  expect(contextWords(tokens)).toBe(words);
});

it('a state is said only when the model does not answer at once', () => {
  expect(stateWords(aster)).toBeUndefined();
  expect(stateWords({ availability: { state: 'loading' } })).toBe('Loading');
  expect(stateWords({ availability: { state: 'unavailable', reason: '', remedy: '' } })).toBe(
    'Not available',
  );
});

it.each([
  ['org/some-model', 'some-model'],
  ['/data/model/', 'model'],
  ['plain', 'plain'],
  ['', ''],
])('of the id %s the name is %s', (id, name) => {
  expect(nameOfId(id)).toBe(name);
});

it('a letter stands for a picture, and one sentence for a description', () => {
  expect(letterOf('“éclair”')).toBe('É');
  expect(letterOf('…')).toBe('?');
  expect(firstSentence('Version 1.5 is new. It is quick.')).toBe('Version 1.5 is new.');
  expect(firstSentence('No end')).toBe('No end');
});
