import { describe, expect, it } from 'vitest';
import {
  applySettingsChanges,
  areNoChanges,
  clearingChanges,
  joinSettingsChanges,
  resolveSettings,
  type Settings,
  type SettingsChanges,
  type SettingsLayers,
} from './settings';

describe('resolveSettings', () => {
  const model = { systemPrompt: 'model', parameters: { temperature: 0.1, top_k: 40, stop: ['model'] } };
  const owner = { systemPrompt: 'owner', parameters: { temperature: 0.2, top_p: 0.5 } };
  const conversation = { systemPrompt: 'conversation', parameters: { temperature: 0.3, seed: 3 } };
  const request = { parameters: { temperature: 0.4, stop: [] } };
  const cases: [name: string, layers: SettingsLayers, expected: ReturnType<typeof resolveSettings>][] = [
    ['nothing is set', {}, { systemPrompt: undefined, parameters: {}, sources: {} }],
    [
      'the model alone',
      { model },
      {
        ...model,
        sources: { systemPrompt: 'model', temperature: 'model', top_k: 'model', stop: 'model' },
      },
    ],
    [
      'the owner over the model',
      { model, owner },
      {
        systemPrompt: 'owner',
        parameters: { temperature: 0.2, top_k: 40, top_p: 0.5, stop: ['model'] },
        sources: {
          systemPrompt: 'owner',
          temperature: 'owner',
          top_k: 'model',
          top_p: 'owner',
          stop: 'model',
        },
      },
    ],
    [
      'all four, whatever their order',
      { request, conversation, owner, model },
      {
        systemPrompt: 'conversation',
        parameters: { temperature: 0.4, top_k: 40, top_p: 0.5, seed: 3, stop: [] },
        sources: {
          systemPrompt: 'conversation',
          temperature: 'request',
          top_k: 'model',
          top_p: 'owner',
          seed: 'conversation',
          stop: 'request',
        },
      },
    ],
    [
      'an empty system prompt takes away the one below',
      { model, owner, conversation: { systemPrompt: '' } },
      { ...resolveSettings({ model, owner }), systemPrompt: '', sources: expect.anything() as never },
    ],
    [
      'the start of an answer and raw completion, each from where it is set last',
      {
        model: { answerStart: 'a' },
        owner: { answerStart: 'b', isRaw: true },
        conversation: { answerStart: '' },
        request: { isRaw: false },
      },
      {
        answerStart: '',
        isRaw: false,
        parameters: {},
        sources: { answerStart: 'conversation', isRaw: 'request' },
      },
    ],
    [
      'zero is a value',
      { model, conversation: { parameters: { temperature: 0, top_k: 0 } } },
      {
        systemPrompt: 'model',
        parameters: { temperature: 0, top_k: 0, stop: ['model'] },
        sources: { systemPrompt: 'model', temperature: 'conversation', top_k: 'conversation', stop: 'model' },
      },
    ],
  ];
  it.each(cases)('%s', (_, layers, expected) => expect(resolveSettings(layers)).toEqual(expected));
});

describe('changes', () => {
  const full: Settings = {
    systemPrompt: 'old',
    answerStart: 'Sure',
    isRaw: true,
    parameters: { temperature: 0.5, seed: 1 },
  };
  const cases: [name: string, settings: Settings, changes: SettingsChanges, expected: Settings][] = [
    ['nothing', full, {}, full],
    ['one key', full, { parameters: { seed: 2 } }, { ...full, parameters: { temperature: 0.5, seed: 2 } }],
    ['a key goes', full, { parameters: { seed: null } }, { ...full, parameters: { temperature: 0.5 } }],
    ['what was not there goes', {}, { systemPrompt: null, parameters: { seed: null } }, {}],
    ['an empty text is a value', full, { systemPrompt: '' }, { ...full, systemPrompt: '' }],
    ['no is a value', {}, { isRaw: false, answerStart: '' }, { isRaw: false, answerStart: '' }],
    [
      'what is not a parameter goes',
      { isRaw: false, answerStart: 'x' },
      { isRaw: null, answerStart: null },
      {},
    ],
    ['the last parameter goes', { parameters: { seed: 1 } }, { parameters: { seed: null } }, {}],
    ['undefined changes nothing', full, { parameters: { seed: undefined } }, full],
  ];
  it.each(cases)('%s', (_, settings, changes, expected) => {
    expect(applySettingsChanges(settings, changes)).toEqual(expected);
  });

  it('joined are the same as one after the other', () => {
    const steps: SettingsChanges[] = [
      { systemPrompt: 'a', answerStart: 'b', parameters: { seed: 2, top_p: 0.5 } },
      { isRaw: null, parameters: { seed: null } },
      { answerStart: null, isRaw: false },
      { systemPrompt: null },
      { parameters: { temperature: 1 } },
    ];
    const joined = steps.reduce(joinSettingsChanges, {});
    expect(applySettingsChanges(full, joined)).toEqual(steps.reduce(applySettingsChanges, full));
  });

  it.each<[SettingsChanges, boolean]>([
    [{}, true],
    [{ parameters: {}, systemPrompt: undefined }, true],
    [{ isRaw: false }, false],
    [{ answerStart: null }, false],
    [{ parameters: { seed: null } }, false],
  ])('%j are no changes: %s', (changes, isNothing) => expect(areNoChanges(changes)).toBe(isNothing));

  it('can take away everything, and touch nothing else', () => {
    expect(clearingChanges({})).toEqual({});
    expect(applySettingsChanges(full, clearingChanges(full))).toEqual({});
    expect(applySettingsChanges({ parameters: { top_k: 3 } }, clearingChanges(full))).toEqual({
      parameters: { top_k: 3 },
    });
  });
});
