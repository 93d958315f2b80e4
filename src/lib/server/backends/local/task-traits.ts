import { parametersKnownTo } from '../../../domain/known-parameters';
import type { ParameterName } from '../../../domain/parameters';
import type { ProgramName } from '../../programs';
import type { GenerateInput } from '../backend';
import type { ModelTask } from './folder-config';

interface TaskTraits {
  /** What runs models of this task. */
  program: ProgramName;
  accepts: GenerateInput['kind'];
  parameters: readonly ParameterName[];
  /** Whether several answers are written at once; otherwise the server holds the line. */
  isBatched: boolean;
}

/**
 * What differs between the engines. Encoder-decoder models run through Transformers.js, which silently ignores what is
 * not in its list here (top_p, beams and others); `stop`, `max_time` and `seed` are seen to by our own engine.
 */
export const taskTraits: Record<ModelTask, TaskTraits> = {
  'text-generation': {
    program: 'engine',
    accepts: 'prompt',
    parameters: parametersKnownTo('local'),
    isBatched: true,
  },
  'text2text-generation': {
    program: 'text2text-engine',
    accepts: 'text2text',
    parameters: [
      'max_new_tokens',
      'min_new_tokens',
      'max_time',
      'temperature',
      'top_k',
      'repetition_penalty',
      'no_repeat_ngram_size',
      'seed',
      'num_return_sequences',
      'stop',
    ],
    isBatched: false,
  },
};
