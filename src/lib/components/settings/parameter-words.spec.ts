import { describe, expect, it } from 'vitest';
import { parameterNames, type GenerationParameters, type ParameterName } from '../../domain/parameters';
import {
  absentWord,
  everydayParameters,
  parameterNote,
  parameterSections,
  placeholderOf,
} from './parameter-words';

describe('the places of parameters', () => {
  it('hold each parameter once', () => {
    const placed = [...everydayParameters, ...parameterSections.flatMap(({ names }) => names)];
    expect(placed.toSorted()).toEqual(parameterNames.toSorted());
    for (const { names } of parameterSections) expect(names.length).toBeGreaterThan(0);
  });
});

describe('a value that nobody sets', () => {
  it.each<[ParameterName, string, string | undefined]>([
    ['temperature', 'Usual', undefined],
    ['early_stopping', 'Usual', undefined],
    ['stop', 'None', undefined],
    ['grammar', 'None', undefined],
    ['seed', 'Random', 'Random each time'],
    ['max_time', 'No limit', 'No limit'],
    ['top_logprobs', 'Off', 'Off'],
    ['prompt_lookup_num_tokens', 'Automatic', 'Automatic'],
  ])('%s is %s', (name, word, placeholder) => {
    expect([absentWord(name), placeholderOf(name)]).toEqual([word, placeholder]);
  });
});

describe('parameterNote', () => {
  it.each<[ParameterName, GenerationParameters, RegExp | undefined]>([
    ['length_penalty', {}, /while Beams is 1/u],
    ['early_stopping', { num_beams: 1 }, /while Beams is 1/u],
    ['length_penalty', { num_beams: 2 }, undefined],
    ['top_p', { temperature: 0 }, /at temperature 0/u],
    ['seed', { temperature: 0 }, /at temperature 0/u],
    ['top_p', {}, undefined],
    ['num_return_sequences', { temperature: 0, num_return_sequences: 2 }, /the same/u],
    ['num_return_sequences', { temperature: 0, num_return_sequences: 2, num_beams: 2 }, undefined],
    ['num_return_sequences', { temperature: 0 }, undefined],
    ['temperature', { temperature: 0 }, undefined],
  ])('of %s with %j', (name, parameters, words) => {
    const note = parameterNote(name, parameters);
    if (words) expect(note).toMatch(words);
    else expect(note).toBeUndefined();
  });
});
