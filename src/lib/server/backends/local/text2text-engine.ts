import { AppError } from '../../../domain/errors';
import { failureOf, runEngine, type EngineModel } from './engine-host';
import { readFolder } from './model-folder';
import type { EngineEvent, EngineRequest, Text2textRequest } from './protocol';
import { Text2textModel } from './text2text-model';

interface Waiting {
  id: number;
  request: Text2textRequest;
  tell: (event: EngineEvent) => void;
}

/** An encoder-decoder model as its engine process serves it: one answer at a time, in the order in which they came. */
class Rewriting implements EngineModel {
  readonly binding = 'node';
  private readonly waiting: Waiting[] = [];
  private readonly aborted = new Set<number>();
  private isWriting = false;

  constructor(private readonly model: Text2textModel) {}

  count(text: string): number {
    return this.model.count(text);
  }

  generate(id: number, request: EngineRequest, tell: (event: EngineEvent) => void): void {
    if (request.kind !== 'text2text') throw new AppError('invalid-input', 'This model turns text into text.');
    this.waiting.push({ id, request, tell });
    void this.writeAll();
  }

  abort(id: number): void {
    this.aborted.add(id);
  }

  private async writeAll(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift())
      if (!this.aborted.delete(next.id)) await this.write(next);
    // Those that aborted too late, when their answer was there already.
    this.aborted.clear();
    this.isWriting = false;
  }

  private async write({ id, request, tell }: Waiting): Promise<void> {
    try {
      const written = await this.model.write(
        request,
        (text) => tell({ type: 'delta', id, choice: 0, text }),
        () => this.aborted.has(id),
      );
      if (written) tell({ type: 'finish', id, ...written });
    } catch (thrown) {
      tell({ type: 'failed', id, ...failureOf(thrown) });
    }
  }
}

runEngine({
  readFolder: ({ path, dtype }) => readFolder(path, dtype),
  load: async (facts, { threads }) => new Rewriting(await Text2textModel.load(facts, threads)),
});
