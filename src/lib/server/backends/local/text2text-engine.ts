import { AppError, toPublicError, type PublicError } from '../../../domain/errors';
import { startHeartbeat } from './heartbeat';
import { checkFiles } from './load-files';
import { memoryRemedy, tellsOfMemory } from './memory-fault';
import { fault, readFolder } from './model-folder';
import type { EngineSettings, FromEngine, ToEngine } from './protocol';
import { Text2textModel } from './text2text-model';

type Generate = Extract<ToEngine, { type: 'generate' }>;

/**
 * The engine process of encoder-decoder models: it speaks the protocol of the decoder engine, and runs Transformers.js.
 * One request is written at a time; the others wait in the order in which they came.
 */
class Text2textEngine {
  private readonly waiting: Generate[] = [];
  private readonly aborted = new Set<number>();
  private model: Text2textModel | undefined;
  private isWriting = false;

  receive(message: ToEngine): void {
    switch (message.type) {
      case 'load':
        void this.load(message);
        break;
      case 'generate':
        this.waiting.push(message);
        void this.writeAll();
        break;
      case 'abort':
        this.aborted.add(message.id);
        break;
      case 'count':
        say({ type: 'counted', id: message.id, count: this.model?.count(message.text) ?? 0 });
        break;
    }
  }

  private async load({ path, threads, dtype }: EngineSettings): Promise<void> {
    try {
      const facts = await readFolder(path, dtype);
      await checkFiles(facts, say);
      this.model = await loadModel(path, () => Text2textModel.load(facts, threads));
      say({ type: 'ready', binding: 'node' });
      void this.writeAll();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      say({ type: 'refused', reason: thrown.message, remedy: String(thrown.details?.remedy ?? '') });
    }
  }

  private async writeAll(): Promise<void> {
    const { model } = this;
    if (this.isWriting || !model) return;
    this.isWriting = true;
    for (let request = this.waiting.shift(); request; request = this.waiting.shift())
      if (!this.aborted.delete(request.id)) await this.write(model, request);
    // Those that aborted too late, when their answer was there already.
    this.aborted.clear();
    this.isWriting = false;
  }

  private async write(model: Text2textModel, request: Generate): Promise<void> {
    const { id } = request;
    try {
      if (request.kind !== 'text2text')
        throw new AppError('invalid-input', 'This engine turns text into text.');
      const written = await model.write(
        request,
        (text) => say({ type: 'delta', id, choice: 0, text }),
        () => this.aborted.has(id),
      );
      if (written) say({ type: 'finish', id, ...written });
    } catch (thrown) {
      say({ type: 'failed', id, ...failureOf(thrown) });
    }
  }
}

function failureOf(thrown: unknown): PublicError {
  if (thrown instanceof AppError) return toPublicError(thrown);
  note(thrown);
  const message = tellsOfMemory(String(thrown))
    ? `There was not enough memory for this answer. ${memoryRemedy}`
    : 'The model could not go on with this answer.';
  return { code: 'backend-rejected', message, retryable: false };
}

async function loadModel(path: string, load: () => Promise<Text2textModel>): Promise<Text2textModel> {
  try {
    return await load();
  } catch (cause) {
    note(cause);
    throw tellsOfMemory(String(cause))
      ? fault(`There is not enough memory to load the model in ${path}.`, memoryRemedy, cause)
      : fault(
          `The model in ${path} cannot be loaded: a file is damaged, or Transformers.js cannot run it.`,
          'Copy the folder there again.',
          cause,
        );
  }
}

/** For the log of the server, which keeps the end of what an engine writes here. */
function note(thrown: unknown): void {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
}

function say(message: FromEngine): void {
  process.send?.(message);
}

const engine = new Text2textEngine();
startHeartbeat(say);
process.on('message', (message) => engine.receive(message as ToEngine));
// The server is gone, however it went: nothing is left to answer.
process.on('disconnect', () => process.exit(0));
// A terminal sends Ctrl+C to the whole group; the server ends its engine when the answers are stored.
process.on('SIGINT', () => undefined);
