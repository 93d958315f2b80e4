import type { BackendContext } from '../backends/backend';
import { createBackend, type BackendConfig } from '../backends/index';
import { readFolder, readModelFolder, type FolderFacts } from '../backends/local/model-folder';
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
    readerOf(backend),
    config.tokenizer === undefined ? undefined : new NamedTokenizer(config.tokenizer),
  );
}

function readerOf(backend: BackendConfig): (() => Promise<FolderFacts>) | undefined {
  if (backend.type !== 'local') return undefined;
  const read = backend.task === 'text2text-generation' ? readFolder : readModelFolder;
  return () => read(backend.path, backend.dtype);
}
