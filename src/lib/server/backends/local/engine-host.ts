import { AppError, toPublicError, type PublicError } from '../../../domain/errors';
import { startHeartbeat } from './heartbeat';
import { checkFiles } from './load-files';
import { memoryRemedy, tellsOfMemory } from './memory-fault';
import { fault } from './model-fault';
import type { FolderFacts } from './model-folder';
import type { EngineEvent, EngineRequest, EngineSettings, FromEngine, ToEngine } from './protocol';
import { useHugePages } from './runtime/huge-pages';
import { SpareMemory } from './runtime/spare-memory';

/** A loaded model as an engine process serves it. */
export interface EngineModel {
  readonly binding: 'c-api' | 'node';
  /** Tokens of a text. */
  count(text: string): number;
  /** Begins to answer a request; `tell` hears of it until `finish` or `failed`. Throws what the request has wrong. */
  generate(id: number, request: EngineRequest, tell: (event: EngineEvent) => void): void;
  abort(id: number): void;
}

export interface EngineKind<F extends FolderFacts> {
  readFolder(settings: EngineSettings): Promise<F>;
  /** `spare` is what may be given back whenever much has been done. */
  load(folder: F, settings: EngineSettings, spare: SpareMemory): Promise<EngineModel>;
}

/**
 * Serves one kind of model in this process, which is an engine: native code runs here, so that a crash in it costs the
 * running answers and not the server. Requests that come while the model loads wait for it.
 */
export function runEngine<F extends FolderFacts>(kind: EngineKind<F>): void {
  const host = new EngineHost(kind);
  startHeartbeat(say);
  process.on('message', (message) => host.receive(message as ToEngine));
  // The server is gone, however it went: nothing is left to answer.
  process.on('disconnect', () => process.exit(0));
  // A terminal sends Ctrl+C to the whole group; the server ends its engine when the answers are stored.
  process.on('SIGINT', () => undefined);
}

class EngineHost<F extends FolderFacts> {
  private model: EngineModel | undefined;
  private early: Serving[] = [];

  constructor(private readonly kind: EngineKind<F>) {}

  receive(message: ToEngine): void {
    if (message.type === 'load') void this.load(message);
    else if (this.model) serve(this.model, message);
    else this.early.push(message);
  }

  private async load(settings: EngineSettings): Promise<void> {
    try {
      const folder = await this.kind.readFolder(settings);
      await checkFiles(folder, say);
      const spare = new SpareMemory(folder.files.parts);
      const model = await loaded(settings.path, () => this.kind.load(folder, settings, spare));
      globalThis.gc?.();
      spare.giveBack();
      this.model = model;
      say({ type: 'ready', binding: model.binding });
      for (const message of this.early.splice(0)) serve(model, message);
      await useHugePages();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      say({ type: 'refused', reason: thrown.message, remedy: String(thrown.details?.remedy ?? '') });
    }
  }
}

type Serving = Exclude<ToEngine, { type: 'load' }>;

function serve(model: EngineModel, message: Serving): void {
  switch (message.type) {
    case 'generate':
      try {
        model.generate(message.id, message, say);
      } catch (thrown) {
        say({ type: 'failed', id: message.id, ...failureOf(thrown) });
      }
      break;
    case 'abort':
      model.abort(message.id);
      break;
    case 'count':
      say({ type: 'counted', id: message.id, count: model.count(message.text) });
      break;
  }
}

/** What people are told of a fault; the rest goes to the log. */
export function failureOf(thrown: unknown): PublicError {
  if (thrown instanceof AppError) return toPublicError(thrown);
  note(thrown);
  const message = tellsOfMemory(String(thrown))
    ? `There was not enough memory for this answer. ${memoryRemedy}`
    : 'The model could not go on with this answer.';
  return { code: 'backend-rejected', message, retryable: false };
}

async function loaded(path: string, load: () => Promise<EngineModel>): Promise<EngineModel> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    note(cause);
    throw tellsOfMemory(String(cause))
      ? fault(`There is not enough memory to load the model in ${path}.`, memoryRemedy, cause)
      : fault(
          `The model in ${path} cannot be loaded: a file is damaged, or it is not a model that the local engine can run.`,
          'Copy the folder there again, and run "npm ci" if no local model loads on this machine.',
          cause,
        );
  }
}

/** For the log of the server, which keeps the end of what an engine writes here. */
function note(thrown: unknown): void {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
}

let unsaid: FromEngine[] = [];

/** What one call of the graph brought for everybody goes in one message: each costs both processes their time. */
function say(message: FromEngine): void {
  if (unsaid.push(message) > 1) return;
  queueMicrotask(() => {
    process.send?.(unsaid);
    unsaid = [];
  });
}
