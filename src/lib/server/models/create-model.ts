import type { BackendContext } from '../backends/backend';
import { createBackend } from '../backends/index';
import { ChatModel } from './chat-model';
import type { ModelConfig } from './model-config';
import { NamedTokenizer } from './named-tokenizer';

/** Makes a model, without any I/O; `undefined` for one that is retired and has no backend. */
export function createModel(config: ModelConfig, { http, note }: BackendContext): ChatModel | undefined {
  const { id, backend } = config;
  if (!backend) return undefined;
  const noteWithId =
    note && ((message: string, details: object) => note(message, { modelId: id, ...details }));
  return new ChatModel(
    config,
    createBackend(backend, { http, ...(noteWithId && { note: noteWithId }) }),
    config.tokenizer === undefined ? undefined : new NamedTokenizer(config.tokenizer),
  );
}
