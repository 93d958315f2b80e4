import { AppError } from '../../../domain/errors';
import { failureOf, runEngine, type EngineModel } from './engine-host';
import type { Job, JobListener } from './job';
import { readModelFolder } from './model-folder';
import type { EngineEvent, EngineRequest } from './protocol';
import { TextModel } from './text-model';

/** A decoder as its engine process serves it: many answers at once. */
class Decoding implements EngineModel {
  private readonly jobs = new Map<number, Job>();

  constructor(private readonly model: TextModel) {}

  get binding(): 'c-api' | 'node' {
    return this.model.binding;
  }

  count(text: string): number {
    return this.model.encode(text).length;
  }

  generate(id: number, request: EngineRequest, tell: (event: EngineEvent) => void): void {
    if (request.kind !== 'prompt') throw new AppError('invalid-input', 'This model continues a prompt.');
    this.jobs.set(id, this.model.write(id, request, this.listenerOf(id, tell)));
  }

  abort(id: number): void {
    const job = this.jobs.get(id);
    if (job) job.isAborted = true;
    this.jobs.delete(id);
  }

  private listenerOf(id: number, tell: (event: EngineEvent) => void): JobListener {
    return {
      onText: (choice, text, tokens) => tell({ type: 'delta', id, choice, text, ...(tokens && { tokens }) }),
      onProgress: (label, fraction) => tell({ type: 'progress', id, label, fraction }),
      onChoiceEnd: (choice, reason) => tell({ type: 'choice-end', id, choice, reason }),
      onFinish: (reason, usage) => {
        this.jobs.delete(id);
        tell({ type: 'finish', id, reason, usage });
      },
      onFault: (thrown) => {
        this.jobs.delete(id);
        tell({ type: 'failed', id, ...failureOf(thrown) });
      },
    };
  }
}

runEngine({
  readFolder: ({ path, dtype }) => readModelFolder(path, dtype),
  load: async (folder, settings, spare) => new Decoding(await TextModel.load(folder, settings, spare)),
});
