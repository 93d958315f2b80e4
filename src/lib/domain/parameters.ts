/** The driver types that a parameter can be known to. */
export type BackendType = 'local' | 'scripted' | 'tgi' | 'openai' | 'inference-client';

export type ParameterGroup = 'length' | 'sampling' | 'repetition' | 'stopping';

export interface Descriptor {
  /** Its name for people. */
  label: string;
  type: 'integer' | 'number' | 'strings';
  min?: number;
  max?: number;
  /** Where a slider begins, ends and stops, when all that is allowed is too wide to aim in. Absent: no slider. */
  usual?: { min: number; max: number; step: number };
  /** What is used when neither the model nor the person says otherwise; absent: off. */
  default?: number;
  group: ParameterGroup;
  help: string;
  knownTo: readonly BackendType[];
}

const everywhere = ['local', 'scripted', 'tgi', 'openai', 'inference-client'] as const;

/** Every generation parameter, once. Schema, page, documents and the mapping of each backend come from this table. */
export const parameterTable = {
  max_new_tokens: {
    label: 'Longest answer',
    type: 'integer',
    min: 1,
    max: 131_072,
    usual: { min: 1, max: 4096, step: 1 },
    default: 1024,
    group: 'length',
    knownTo: everywhere,
    help: 'The most tokens that an answer may have.',
  },
  temperature: {
    label: 'Temperature',
    type: 'number',
    min: 0,
    max: 5,
    usual: { min: 0, max: 2, step: 0.05 },
    default: 1,
    group: 'sampling',
    knownTo: everywhere,
    help: 'How freely words are chosen. 0 always takes the likeliest.',
  },
  top_k: {
    label: 'Top K',
    type: 'integer',
    min: 0,
    max: 1000,
    usual: { min: 0, max: 100, step: 1 },
    default: 0,
    group: 'sampling',
    knownTo: ['local', 'scripted', 'tgi', 'inference-client'],
    help: 'Choose among so many likeliest tokens only. 0 is off.',
  },
  top_p: {
    label: 'Top P',
    type: 'number',
    min: 0,
    max: 1,
    usual: { min: 0, max: 1, step: 0.01 },
    default: 1,
    group: 'sampling',
    knownTo: everywhere,
    help: 'Choose among the likeliest tokens that together have this probability. 1 is off.',
  },
  min_p: {
    label: 'Min P',
    type: 'number',
    min: 0,
    max: 1,
    usual: { min: 0, max: 0.5, step: 0.01 },
    default: 0,
    group: 'sampling',
    knownTo: ['local', 'scripted'],
    help: 'Leave out tokens less likely than this share of the likeliest. 0 is off.',
  },
  typical_p: {
    label: 'Typical P',
    type: 'number',
    min: 0,
    max: 1,
    usual: { min: 0, max: 1, step: 0.01 },
    default: 1,
    group: 'sampling',
    knownTo: ['tgi', 'inference-client'],
    help: 'Choose among tokens about as surprising as expected, up to this probability. 1 is off.',
  },
  repetition_penalty: {
    label: 'Repetition penalty',
    type: 'number',
    min: 0.1,
    max: 10,
    usual: { min: 0.5, max: 2, step: 0.05 },
    default: 1,
    group: 'repetition',
    knownTo: ['local', 'scripted', 'tgi', 'inference-client'],
    help: 'Makes tokens that are already in the text less likely. 1 is off.',
  },
  presence_penalty: {
    label: 'Presence penalty',
    type: 'number',
    min: -2,
    max: 2,
    usual: { min: -2, max: 2, step: 0.1 },
    default: 0,
    group: 'repetition',
    knownTo: ['openai', 'scripted'],
    help: 'Makes tokens that occurred at all less likely. 0 is off.',
  },
  frequency_penalty: {
    label: 'Frequency penalty',
    type: 'number',
    min: -2,
    max: 2,
    usual: { min: -2, max: 2, step: 0.1 },
    default: 0,
    group: 'repetition',
    knownTo: ['openai', 'tgi', 'scripted'],
    help: 'Makes tokens less likely the more often they occurred. 0 is off.',
  },
  seed: {
    label: 'Seed',
    type: 'integer',
    min: 0,
    max: 4_294_967_295,
    group: 'sampling',
    knownTo: everywhere,
    help: 'The same seed gives the same text for the same request.',
  },
  stop: {
    label: 'Stop sequences',
    type: 'strings',
    group: 'stopping',
    knownTo: everywhere,
    help: 'The answer ends before any of these texts.',
  },
} as const satisfies Record<string, Descriptor>;

type Table = typeof parameterTable;
export type ParameterName = keyof Table;
export type GenerationParameters = {
  -readonly [N in ParameterName]?: Table[N]['type'] extends 'strings' ? string[] : number;
};

export const parameterNames = Object.keys(parameterTable) as ParameterName[];

/** The descriptor of one parameter, with the optional fields that the literal types hide. */
export function describeParameter(name: ParameterName): Descriptor {
  return parameterTable[name];
}

/** The parameters that differ from "off" and that a backend of this type does not know, for its one warning each. */
export function unknownParameters(parameters: GenerationParameters, type: BackendType): ParameterName[] {
  return parameterNames.filter((name) => {
    const descriptor = describeParameter(name);
    const value = parameters[name];
    return value !== undefined && value !== descriptor.default && !descriptor.knownTo.includes(type);
  });
}
