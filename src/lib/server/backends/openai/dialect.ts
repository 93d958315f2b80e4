import type { ParameterName } from '../../../domain/parameters';
import type { ServerFlavour } from '../discovery/discovered';

/** What one program understands beyond the fields that all do, and under which names. */
export interface Dialect {
  /** Its name of each parameter that is sent as it stands. */
  names: Partial<Record<ParameterName, string>>;
  /** Parameters that take another form on the wire: see `request-fields.ts`. */
  special: readonly ParameterName[];
  /** Tokens of prompt and answer together, where the server never says. What is less is learned from its refusal. */
  usualContext?: number;
  /** Whether `n` makes several answers. */
  writesChoices?: boolean;
  /** Whether it has `/completions`, which goes on from a plain text. */
  completes?: boolean;
  fillsInTheMiddle?: boolean;
  /** How an answer goes on from a given start: an assistant message at the end, with more fields for some. */
  prefix?: 'last-message' | 'continue-final-message';
  /** Whether some versions send a start that they were given with the answer. */
  repeatsStart?: boolean;
  /** Most log probabilities of one token. */
  mostLogprobs?: number;
  /** Fewest, where none would turn them off. */
  leastLogprobs?: number;
  /** How guided output is said. */
  grammar: 'json-schema' | 'vllm' | 'llama.cpp' | 'llama-cpp-python' | 'tgi';
  reasoning?: 'effort' | 'openrouter' | 'vllm' | 'template';
  /** Where a question about the length of a text goes. */
  tokenize?: 'tgi' | 'vllm' | 'llama.cpp';
  /** Another request ends the answer that is being written, which then ends with `[DONE]` and without a reason. */
  writesOne?: boolean;
  /** Its reasoning models refuse `max_tokens`, and all of its models take the newer name. */
  hasCompletionTokens?: boolean;
}

const common = {
  max_new_tokens: 'max_tokens',
  temperature: 'temperature',
  top_p: 'top_p',
  frequency_penalty: 'frequency_penalty',
  presence_penalty: 'presence_penalty',
  seed: 'seed',
} as const;

const { presence_penalty: _, ...withoutPresence } = common;

/** Facts of the programs as of 2026; what is not here gives a warning. */
export const dialects: Record<ServerFlavour, Dialect> = {
  // Its presence_penalty becomes a repetition_penalty of the value plus 2: even 0 would spoil the answer.
  tgi: {
    names: withoutPresence,
    special: ['stop', 'top_logprobs', 'grammar', 'adapter_id'],
    completes: true,
    prefix: 'last-message',
    mostLogprobs: 5,
    grammar: 'tgi',
    tokenize: 'tgi',
  },
  vllm: {
    names: {
      ...common,
      top_k: 'top_k',
      min_p: 'min_p',
      repetition_penalty: 'repetition_penalty',
      min_new_tokens: 'min_tokens',
      bad_words: 'bad_words',
    },
    special: [
      'stop',
      'top_logprobs',
      'logit_bias',
      'grammar',
      'reasoning_effort',
      'adapter_id',
      'num_return_sequences',
    ],
    writesChoices: true,
    completes: true,
    prefix: 'continue-final-message',
    grammar: 'vllm',
    reasoning: 'vllm',
    tokenize: 'vllm',
  },
  'llama.cpp': {
    names: {
      ...common,
      top_k: 'top_k',
      min_p: 'min_p',
      typical_p: 'typical_p',
      repetition_penalty: 'repeat_penalty',
    },
    special: ['stop', 'top_logprobs', 'logit_bias', 'grammar', 'reasoning_effort'],
    completes: true,
    // Since 2026 it sends the start again unless it is told so; older ones pay no heed to these fields.
    prefix: 'continue-final-message',
    repeatsStart: true,
    leastLogprobs: 1,
    grammar: 'llama.cpp',
    reasoning: 'template',
    tokenize: 'llama.cpp',
  },
  // Its chat formats end the start of an answer that they are given, and begin another. Counting tokens would end answers.
  'llama-cpp-python': {
    names: {
      ...common,
      top_k: 'top_k',
      min_p: 'min_p',
      repetition_penalty: 'repeat_penalty',
      min_new_tokens: 'min_tokens',
    },
    special: ['stop', 'top_logprobs', 'logit_bias', 'grammar'],
    completes: true,
    writesOne: true,
    grammar: 'llama-cpp-python',
  },
  // Its `/completions` puts the text into the chat template, so that the model answers instead of going on.
  ollama: {
    names: common,
    special: ['stop', 'top_logprobs', 'grammar', 'reasoning_effort'],
    fillsInTheMiddle: true,
    prefix: 'last-message',
    repeatsStart: true,
    grammar: 'json-schema',
    reasoning: 'effort',
  },
  'lm-studio': {
    names: { ...common, top_k: 'top_k', repetition_penalty: 'repeat_penalty' },
    special: ['stop', 'logit_bias', 'grammar'],
    completes: true,
    grammar: 'json-schema',
  },
  'hf-router': {
    names: common,
    special: ['stop', 'grammar', 'reasoning_effort'],
    grammar: 'json-schema',
    reasoning: 'effort',
  },
  openrouter: {
    names: { ...common, top_k: 'top_k', min_p: 'min_p', repetition_penalty: 'repetition_penalty' },
    special: ['stop', 'top_logprobs', 'logit_bias', 'grammar', 'reasoning_effort'],
    prefix: 'last-message',
    grammar: 'json-schema',
    reasoning: 'openrouter',
  },
  openai: {
    names: common,
    special: ['stop', 'top_logprobs', 'logit_bias', 'grammar', 'reasoning_effort', 'num_return_sequences'],
    writesChoices: true,
    grammar: 'json-schema',
    reasoning: 'effort',
    hasCompletionTokens: true,
    // Of all its chat models since GPT-4 Turbo, at least.
    usualContext: 128_000,
  },
  unknown: {
    names: common,
    special: ['stop', 'top_logprobs', 'logit_bias', 'grammar', 'reasoning_effort'],
    grammar: 'json-schema',
    reasoning: 'effort',
  },
};

/** The parameters that a program knows. Several answers are asked for one by one where it does not write them at once. */
export function parametersOf({ names, special }: Dialect): ParameterName[] {
  return [
    ...new Set([...(Object.keys(names) as ParameterName[]), ...special, 'num_return_sequences' as const]),
  ];
}
