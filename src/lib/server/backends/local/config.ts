import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { BackendConfig } from '../backend';
import { dtypes } from './graph-files';

export const localConfigSchema = z.strictObject({
  type: z.literal('local'),
  /** The folder of the model, in the layout of the Hugging Face Hub. */
  path: z.string().min(1),
  /** Absent: a model that continues text. */
  task: z.enum(['text-generation', 'text2text-generation']).optional(),
  /** Which of its graphs; absent: the one that its files recommend, or the best that is there. */
  dtype: z.enum(dtypes).optional(),
  /** For a model that translates, as it names languages itself: "eng_Latn>fra_Latn". */
  languages: z
    .string()
    .regex(/^[\w-]+>[\w-]+$/u, 'must be two languages such as eng_Latn>fra_Latn')
    .optional(),
  threads: z.int().min(1).max(256).optional(),
  slots: z.int().min(1).max(64).optional(),
  context: z.int().min(128).max(1_000_000).optional(),
  /** How ONNX Runtime is called; absent: by its C API where that can be, which is faster. */
  binding: z.enum(['c-api', 'node']).optional(),
  idleUnloadMs: z.int().min(0).optional(),
});
export type LocalConfig = z.infer<typeof localConfigSchema>;

/** Whether this is the configuration of a local model, which has passed the schema above. */
export function isLocal(config: BackendConfig | undefined): config is LocalConfig {
  return config?.type === 'local';
}

/** More threads than real cores slow a small model down, and more than eight bring nothing. */
export function defaultThreads(): number {
  const logical = availableParallelism();
  return logical <= 2 ? logical : Math.min(8, Math.ceil(logical / 2));
}
