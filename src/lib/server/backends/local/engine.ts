import { AppError, toPublicError, type PublicError } from '../../../domain/errors';
import { startHeartbeat } from './heartbeat';
import { checkFiles } from './load-files';
import { memoryRemedy, tellsOfMemory } from './memory-fault';
import { fault, readModelFolder } from './model-folder';
import { OnnxRuntime } from './onnx-runtime';
import type { EngineSettings, FromEngine, ToEngine } from './protocol';
import { TextModel } from './text-model';

/**
 * The engine process: native code runs here, so that a crash in it costs the running answers and not the server.
 * One request is written at a time; the others wait in the order in which they came.
 */
class Engine {
  private readonly waiting: Extract<ToEngine, { type: 'generate' }>[] = [];
  private readonly aborted = new Set<number>();
  private model: TextModel | undefined;
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
        this.abort(message.id);
        break;
      case 'count':
        say({ type: 'counted', id: message.id, count: this.model?.encode(message.text).length ?? 0 });
        break;
    }
  }

  private async load({ path, threads, dtype }: EngineSettings): Promise<void> {
    try {
      const folder = await readModelFolder(path, dtype);
      await checkFiles(folder, say);
      const runtime = loadRuntime();
      this.model = loadModel(path, () => new TextModel(folder, runtime, threads));
      say({ type: 'ready', binding: 'c-api' });
      void this.writeAll();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      say({ type: 'refused', reason: thrown.message, remedy: String(thrown.details?.remedy ?? '') });
    }
  }

  private abort(id: number): void {
    const index = this.waiting.findIndex((request) => request.id === id);
    if (index === -1) this.aborted.add(id);
    else this.waiting.splice(index, 1);
  }

  private async writeAll(): Promise<void> {
    if (this.isWriting || !this.model) return;
    this.isWriting = true;
    for (let request = this.waiting.shift(); request; request = this.waiting.shift())
      await this.write(this.model, request);
    this.isWriting = false;
  }

  private async write(model: TextModel, request: Extract<ToEngine, { type: 'generate' }>): Promise<void> {
    const { id } = request;
    try {
      if (request.kind !== 'prompt') throw new AppError('invalid-input', 'This engine continues a prompt.');
      const written = await model.write(
        request,
        {
          onText: (text) => say({ type: 'delta', id, choice: 0, text }),
          onRead: (fraction) => say({ type: 'progress', id, label: 'reading', fraction }),
        },
        () => this.aborted.has(id),
      );
      if (written) say({ type: 'finish', id, ...written });
    } catch (thrown) {
      say({ type: 'failed', id, ...failureOf(thrown) });
    }
    this.aborted.clear();
  }
}

function failureOf(thrown: unknown): PublicError {
  if (thrown instanceof AppError) return toPublicError(thrown);
  note(thrown);
  return {
    code: 'backend-rejected',
    message: 'The model could not go on with this answer.',
    retryable: false,
  };
}

function loadRuntime(): OnnxRuntime {
  try {
    return new OnnxRuntime();
  } catch (cause) {
    note(cause);
    throw fault(
      `ONNX Runtime cannot be loaded on ${process.platform} ${process.arch}.`,
      'Run "npm ci" on this machine, or use a model on a server.',
      cause,
    );
  }
}

function loadModel(path: string, load: () => TextModel): TextModel {
  try {
    return load();
  } catch (cause) {
    note(cause);
    if (tellsOfMemory(String(cause)))
      throw fault(`There is not enough memory to load the model in ${path}.`, memoryRemedy, cause);
    throw fault(
      `The model in ${path} cannot be loaded: a file is damaged, or it is not a model that the local engine can run.`,
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

const engine = new Engine();
startHeartbeat(say);
process.on('message', (message) => engine.receive(message as ToEngine));
// The server is gone, however it went: nothing is left to answer.
process.on('disconnect', () => process.exit(0));
// A terminal sends Ctrl+C to the whole group; the server ends its engine when the answers are stored.
process.on('SIGINT', () => undefined);
