import { describe, expect, it } from 'vitest';
import { parametersSchema } from './parameter-schema';
import { describeParameter, parameterNames, parameterTable, type ParameterName } from './parameters';
import { activePreset, presets } from './presets';

const namesIn = (parameters: object) => Object.keys(parameters).sort() as ParameterName[];

describe('presets', () => {
  it.each(presets)('$name sets allowed values of parameters that every backend knows', ({ parameters }) => {
    expect(parametersSchema.parse(parameters)).toEqual(parameters);
    for (const name of namesIn(parameters)) {
      expect(parameterNames).toContain(name);
      expect(describeParameter(name).knownTo).toEqual(parameterTable.temperature.knownTo);
    }
  });

  it('name the same parameters with other values, so that each one undoes the other', () => {
    const [first] = presets;
    for (const { parameters } of presets)
      expect(namesIn(parameters)).toEqual(namesIn(first?.parameters ?? {}));
    expect(new Set(presets.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(presets.length);
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  });

  it.each(presets)('$name is recognised by its values, whatever else is set', (preset) => {
    expect(activePreset({ seed: 1, ...preset.parameters })).toBe(preset);
    expect(activePreset({ ...preset.parameters, temperature: 0.33 })).toBeUndefined();
    expect(activePreset({})).toBeUndefined();
  });
});
