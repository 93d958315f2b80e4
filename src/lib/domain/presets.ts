import type { GenerationParameters, ParameterName } from './parameters';

export interface Preset {
  id: string;
  name: string;
  /** What it is good for. */
  sentence: string;
  /** Every preset names the same parameters, so that each one undoes the other; every backend knows them. */
  parameters: GenerationParameters;
}

/** Ready-made ways of choosing words. */
export const presets: readonly Preset[] = [
  {
    id: 'precise',
    name: 'Precise',
    sentence: 'The likeliest words: for facts, code and short answers.',
    parameters: { temperature: 0.2, top_p: 0.8 },
  },
  {
    id: 'balanced',
    name: 'Balanced',
    sentence: 'Some freedom: for everyday questions and letters.',
    parameters: { temperature: 0.7, top_p: 0.95 },
  },
  {
    id: 'creative',
    name: 'Creative',
    sentence: 'Unlikely words too: for stories and ideas.',
    parameters: { temperature: 1.1, top_p: 1 },
  },
];

/** The preset whose values these parameters have. */
export function activePreset(parameters: GenerationParameters): Preset | undefined {
  return presets.find((preset) =>
    Object.entries(preset.parameters).every(([name, value]) => parameters[name as ParameterName] === value),
  );
}
