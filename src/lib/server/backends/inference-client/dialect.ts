import type { GenerationParameters, ParameterName } from '../../../domain/parameters';
import type { GenerateRequest } from '../backend';
import { dialects, parametersOf, type Dialect } from '../openai/dialect';
import type { InferenceTask } from './config';

/** What the client passes on to `/completions`: the parameters of TGI, under their own names. */
const completions: Dialect = {
  names: {
    max_new_tokens: 'max_tokens',
    temperature: 'temperature',
    top_k: 'top_k',
    top_p: 'top_p',
    typical_p: 'typical_p',
    repetition_penalty: 'repetition_penalty',
    frequency_penalty: 'frequency_penalty',
    seed: 'seed',
  },
  special: ['stop'],
  completes: true,
  grammar: 'json-schema',
};

export function dialectOf(task: InferenceTask): Dialect {
  return task === 'text-generation' ? completions : dialects.unknown;
}

/** Pipelines that translate and sum up are told a length; stop sequences are looked for here. */
const ofPipelines: readonly ParameterName[] = ['max_new_tokens', 'stop', 'num_return_sequences'];

export function parametersFor(task: InferenceTask): readonly ParameterName[] {
  return task === 'translation' || task === 'summarization' ? ofPipelines : parametersOf(dialectOf(task));
}

/**
 * The request without what changes nothing: TGI, which runs behind many endpoints, refuses a `top_p` of 1 and makes a
 * strong penalty of a `presence_penalty` of 0.
 */
export function withoutIdle<R extends GenerateRequest>(request: R): R {
  const idle: GenerationParameters = { top_p: 1, presence_penalty: 0, frequency_penalty: 0 };
  const parameters = Object.entries(request.parameters).filter(
    ([name, value]) => idle[name as ParameterName] !== value,
  );
  return { ...request, parameters: Object.fromEntries(parameters) as GenerationParameters };
}
