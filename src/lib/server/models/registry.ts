import type { ModelSummary } from '../../domain/model-summary';
import { AppError } from '../../domain/errors';
import { createBackend } from '../backends/index';
import type { Note } from '../backends/backend';
import { defaultHttpSettings } from '../backends/http/settings';
import { readFolder, readModelFolder, type FolderFacts } from '../backends/local/model-folder';
import { ChatModel } from './chat-model';
import type { Model } from './model';
import type { ModelConfig } from './model-config';

/** The models of this server, in the order of the configuration. */
export class ModelRegistry {
  private readonly models: Map<string, ChatModel>;
  /** The one that new conversations get. */
  readonly defaultId: string;

  /** Nothing is read or started yet. */
  constructor(configs: ModelConfig[], onNote?: Note) {
    this.models = new Map(configs.map((config) => [config.id, createModel(config, onNote)]));
    this.defaultId = configs[0]?.id ?? '';
  }

  list(): ModelSummary[] {
    return [...this.models.values()].map((model) => model.summary());
  }

  /** `not-found` for a model that is not configured. */
  get(id: string): Model {
    const model = this.models.get(id);
    if (!model) throw new AppError('not-found', `This server has no model "${id}".`);
    return model;
  }

  /**
   * Makes the models ready, one after the other, so that they do not fight for the processor; faults are in `list`. Of
   * local models only the one that new conversations get is loaded: the others are, when they are first used.
   */
  async warmUp(): Promise<void> {
    for (const model of this.models.values()) {
      if (model.id === this.defaultId || model.backend.type !== 'local') await model.warmUp();
      else await model.readFiles();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.models.values()].map(({ backend }) => backend.close()));
  }
}

function createModel(config: ModelConfig, onNote: Note | undefined): ChatModel {
  const { id, backend } = config;
  const noteWithId =
    onNote && ((message: string, details: object) => onNote(message, { modelId: id, ...details }));
  return new ChatModel(
    config,
    createBackend(backend, { http: defaultHttpSettings, ...(noteWithId && { note: noteWithId }) }),
    readerOf(backend),
  );
}

function readerOf(backend: ModelConfig['backend']): (() => Promise<FolderFacts>) | undefined {
  if (backend.type !== 'local') return undefined;
  const read = backend.task === 'text2text-generation' ? readFolder : readModelFolder;
  return () => read(backend.path, backend.dtype);
}
