import type { ModelSummary } from '../../domain/model-summary';
import { AppError } from '../../domain/errors';
import { createBackend } from '../backends/index';
import { readModelFolder } from '../backends/local/model-folder';
import { ChatModel } from './chat-model';
import type { Model } from './model';
import type { ModelConfig } from './model-config';

/** The models of this server, in the order of the configuration. */
export class ModelRegistry {
  private readonly models: Map<string, ChatModel>;
  /** The one that new conversations get. */
  readonly defaultId: string;

  /** Nothing is read or started yet. */
  constructor(configs: ModelConfig[]) {
    this.models = new Map(configs.map((config) => [config.id, createModel(config)]));
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

  /** Makes every model ready, one after the other, so that they do not fight for the processor; faults are in `list`. */
  async warmUp(): Promise<void> {
    for (const model of this.models.values()) await model.warmUp();
  }

  async close(): Promise<void> {
    await Promise.all([...this.models.values()].map(({ backend }) => backend.close()));
  }
}

function createModel(config: ModelConfig): ChatModel {
  const { backend } = config;
  const readFolder = backend.type === 'local' ? () => readModelFolder(backend.path) : undefined;
  return new ChatModel(config, createBackend(backend), readFolder);
}
