import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../src/lib/server/programs';

export interface Options {
  isQuick: boolean;
  /** The folder of the model that ours and transformers.js run. */
  model: string;
  /** The same weights for llama.cpp, and the folder of its programs; absent: left out. */
  gguf: string | undefined;
  llamaPrograms: string | undefined;
  threads: number;
  /** How long a measurement waits for a machine that does nothing else. */
  patienceMs: number;
}

/** The options of the command line. Throws with the name of one that is unknown. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      model: {
        type: 'string',
        default: join(projectRoot(), 'models', 'HuggingFaceTB', 'SmolLM2-135M-Instruct'),
      },
      gguf: { type: 'string' },
      'llama-bin': { type: 'string' },
      patience: { type: 'string', default: '5' },
      threads: { type: 'string', default: String(usualThreads()) },
    },
  });
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) throw new Error('--threads is a whole number from 1.');
  if (!(Number(values.patience) >= 0)) throw new Error('--patience is a number of seconds.');
  return {
    isQuick: values.quick,
    model: resolve(values.model),
    gguf: values.gguf === undefined ? undefined : resolve(values.gguf),
    llamaPrograms: values['llama-bin'] === undefined ? undefined : resolve(values['llama-bin']),
    threads,
    patienceMs: 1000 * Number(values.patience),
  };
}

/** One for each core: two logical ones of a large machine are mostly one. */
function usualThreads(): number {
  const logical = availableParallelism();
  return logical <= 2 ? logical : Math.min(8, Math.ceil(logical / 2));
}
