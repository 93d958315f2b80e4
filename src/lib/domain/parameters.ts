import type { BackendType, Descriptor, ValueTypes } from './parameter-types';

export type { BackendType, Descriptor, Grammar, LogitBias, ParameterGroup } from './parameter-types';

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
  min_new_tokens: {
    label: 'Shortest answer',
    type: 'integer',
    min: 0,
    max: 131_072,
    usual: { min: 0, max: 1024, step: 1 },
    default: 0,
    group: 'length',
    knownTo: ['local'],
    help: 'The model may not end its answer before it has so many tokens.',
  },
  max_time: {
    label: 'Longest time',
    type: 'number',
    min: 0.1,
    max: 86_400,
    group: 'length',
    knownTo: ['local'],
    help: 'The answer ends after so many seconds of writing. Empty is no limit.',
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
    knownTo: ['local', 'tgi', 'inference-client'],
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
    knownTo: ['local', 'openai', 'scripted'],
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
    knownTo: ['local', 'openai', 'tgi', 'scripted'],
    help: 'Makes tokens less likely the more often they occurred. 0 is off.',
  },
  no_repeat_ngram_size: {
    label: 'No repeated phrases',
    type: 'integer',
    min: 0,
    max: 100,
    usual: { min: 0, max: 10, step: 1 },
    default: 0,
    group: 'repetition',
    knownTo: ['local'],
    help: 'No run of so many tokens is written twice. 0 is off.',
  },
  bad_words: {
    label: 'Unwanted words',
    type: 'strings',
    group: 'repetition',
    knownTo: ['local'],
    help: 'Texts that the answer never contains.',
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
  logit_bias: {
    label: 'Logit bias',
    type: 'biases',
    min: -100,
    max: 100,
    group: 'sampling',
    knownTo: ['local', 'openai'],
    help: 'Makes tokens likelier or less likely by so much. -100 forbids, 100 forces.',
  },
  num_beams: {
    label: 'Beams',
    type: 'integer',
    min: 1,
    max: 8,
    usual: { min: 1, max: 8, step: 1 },
    default: 1,
    group: 'beams',
    knownTo: ['local'],
    help: 'Writes so many texts side by side and keeps the likeliest as a whole. 1 is off.',
  },
  length_penalty: {
    label: 'Length penalty',
    type: 'number',
    min: -10,
    max: 10,
    usual: { min: -2, max: 2, step: 0.1 },
    default: 1,
    group: 'beams',
    knownTo: ['local'],
    help: 'With beams: above 0 prefers long texts, below 0 short ones.',
  },
  early_stopping: {
    label: 'Stop early',
    type: 'boolean',
    default: false,
    group: 'beams',
    knownTo: ['local'],
    help: 'With beams: ends as soon as there are enough finished texts.',
  },
  num_return_sequences: {
    label: 'Answers',
    type: 'integer',
    min: 1,
    max: 8,
    usual: { min: 1, max: 8, step: 1 },
    default: 1,
    group: 'output',
    knownTo: everywhere,
    help: 'Writes so many versions of each answer. With beams: the best ones.',
  },
  top_logprobs: {
    label: 'Log probabilities',
    type: 'integer',
    min: 0,
    max: 20,
    group: 'output',
    knownTo: ['local', 'openai', 'scripted'],
    help: 'Keeps how likely each token was, with so many alternatives. Empty is off.',
  },
  grammar: {
    label: 'Guided output',
    type: 'grammar',
    group: 'output',
    knownTo: ['local'],
    help: 'The answer is JSON of a schema, matches a regular expression, or is one of some texts.',
  },
  prompt_lookup_num_tokens: {
    label: 'Prompt lookup',
    type: 'integer',
    min: 0,
    max: 32,
    group: 'output',
    knownTo: ['local'],
    help: 'Guesses up to so many tokens from the text so far and checks them in one step. The text stays the same. Empty is automatic, 0 is off.',
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
  -readonly [N in ParameterName]?: ValueTypes[Table[N]['type']];
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
    const isOff = value === undefined || value === descriptor.default || isEmpty(value);
    return !isOff && !descriptor.knownTo.includes(type);
  });
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
