import type { Logger } from 'pino';
import { AppError } from '../../domain/errors';
import type { Model } from '../models/model';
import type { ModelRegistry } from '../models/registry';

export interface TaskModelOptions {
  /** What `TASK_MODEL` says. */
  modelId: string | undefined;
  models: Pick<ModelRegistry, 'get' | 'onChange'>;
  log: Pick<Logger, 'info' | 'warn'>;
}

/**
 * The model that does small work. Whether it is there is said at the start, and again when it comes or goes: not with each
 * piece of work, which is done without it then.
 */
export class TaskModel {
  private isThere = true;
  private readonly stop: () => void;

  constructor(private readonly options: TaskModelOptions) {
    this.stop = options.modelId === undefined ? () => undefined : options.models.onChange(() => this.find());
    this.find();
  }

  /** `undefined` while there is none. */
  find(): Model | undefined {
    const { modelId, models, log } = this.options;
    if (modelId === undefined) return undefined;
    try {
      const model = models.get(modelId);
      if (!this.isThere) log.info({ modelId }, 'the model of TASK_MODEL is there now');
      this.isThere = true;
      return model;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (this.isThere) {
        const message = 'the model of TASK_MODEL is not there; titles stay the first words of a conversation';
        log.warn({ modelId, reason: thrown.message }, message);
      }
      this.isThere = false;
      return undefined;
    }
  }

  close(): void {
    this.stop();
  }
}
