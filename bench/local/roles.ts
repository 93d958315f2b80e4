import { serveNodeLlamaCpp } from './node-llama-cpp';
import { serveOurs } from './ours';
import { serveTransformersJs } from './transformers-js';

/** The part that a process of the bench plays, and what it needs for it. */
export type Role =
  | [kind: 'ours', model: string, threads: string, slots: string]
  | [kind: 'transformers.js', model: string, threads: string]
  | [kind: 'node-llama-cpp', gguf: string, threads: string];

/** Plays a part in this process until the bench is gone. Throws when there is no such part. */
export async function play([kind, model = '', threads = '', slots = '']: string[]): Promise<void> {
  // Before anything is loaded, so that an end of the bench meanwhile is noticed too.
  process.on('disconnect', () => process.exit(0));
  if (kind === 'ours') await serveOurs(model, Number(threads), Number(slots));
  else if (kind === 'transformers.js') await serveTransformersJs(model, Number(threads));
  else if (kind === 'node-llama-cpp') await serveNodeLlamaCpp(model, Number(threads));
  else throw new Error(`The bench has no part named ${String(kind)}.`);
}
