import { AppError } from '../../domain/errors';
import { unknownParameters } from '../../domain/known-parameters';
import type { ParameterName } from '../../domain/parameters';
import { programPath } from '../programs';
import type {
  Backend,
  BackendDefinition,
  BackendEvent,
  BackendState,
  GenerateRequest,
  Note,
} from './backend';
import { defaultThreads, localConfigSchema, type LocalConfig } from './local/config';
import { EngineProcess } from './local/engine-process';
import { EventQueue } from './local/event-queue';
import { readFolder, readModelFolder, type FolderFacts } from './local/model-folder';
import { taskTraits } from './local/task-traits';
import type { EngineEvent, EngineRequest } from './local/protocol';
import { reasoningApart } from './reasoning-events';

export type { LocalConfig } from './local/config';

/** Runs ONNX models on this machine, each in an engine process of its own. */
export const localBackend: BackendDefinition<LocalConfig> = {
  type: 'local',
  schema: localConfigSchema,
  create: (config, context) => new LocalBackend(config, context?.note),
};

export class LocalBackend implements Backend {
  readonly type = 'local';
  readonly accepts: Backend['accepts'];
  readonly supportedParameters: readonly ParameterName[];
  readonly maxConcurrency: number;
  readonly writesChoices: boolean;
  private readonly engine: EngineProcess;

  constructor(
    private readonly config: LocalConfig,
    onNote?: Note,
  ) {
    const { path, task = 'text-generation', dtype, binding, idleUnloadMs = 0 } = config;
    const { threads = defaultThreads(), slots = 4, context = 2048 } = config;
    const traits = taskTraits[task];
    this.accepts = [traits.accepts];
    this.supportedParameters = traits.parameters;
    this.maxConcurrency = traits.isBatched ? slots : 1;
    this.writesChoices = traits.isBatched;
    this.engine = new EngineProcess({
      programPath: programPath(traits.program),
      model: {
        path,
        threads,
        slots: this.maxConcurrency,
        context,
        ...(dtype && { dtype }),
        ...(binding && { binding }),
      },
      idleUnloadMs,
      ...(onNote && { onNote }),
    });
  }

  /** The engine's process, while there is one. */
  get pid(): number | undefined {
    return this.engine.pid;
  }

  async *generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const { parameters, signal } = request;
    const input = this.inputOf(request);
    if (signal.aborted) return;
    for (const name of unknownParameters(parameters, this.supportedParameters)) {
      yield { type: 'warning', code: 'unknown-parameter', text: `This local model does not know ${name}.` };
      if (signal.aborted) return;
    }
    const release = this.engine.hold();
    try {
      yield* this.load(signal);
      if (!signal.aborted) yield* reasoningApart(request, this.answer(input, signal));
    } finally {
      release();
    }
  }

  private inputOf(request: GenerateRequest): EngineRequest {
    const { parameters, cache } = request;
    const isKnown = this.accepts.includes(request.kind);
    if (isKnown && request.kind === 'text2text') {
      const task = request.task ?? this.config.languages;
      return { kind: 'text2text', text: request.text, parameters, ...(task !== undefined && { task }) };
    }
    if (isKnown && request.kind === 'prompt' && request.suffix === undefined)
      return { kind: 'prompt', prompt: request.prompt, parameters, ...cache };
    throw new AppError('invalid-input', 'This local model cannot be asked in this way.');
  }

  /** Says how far loading is until it is done or the signal aborts; then loading itself goes on. */
  private async *load(signal: AbortSignal): AsyncGenerator<BackendEvent> {
    if (this.engine.isLoaded) return;
    const events = new EventQueue();
    this.ensureReady((fraction) => events.push({ type: 'progress', id: 0, label: 'loading', fraction })).then(
      () => events.close(),
      // A fault after the abort interests nobody any more, and the queue is closed then.
      (thrown: unknown) => events.push(toAppError(thrown)),
    );
    yield* eventsUntilAbort(events, signal);
  }

  private async *answer(request: EngineRequest, signal: AbortSignal): AsyncGenerator<BackendEvent> {
    const events = new EventQueue();
    const id = this.engine.request(request, (event) => events.push(event));
    // At once, not when the reader asks for more: the engine is free for the next request then.
    const onAbort = () => this.engine.abort(id);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield* eventsUntilAbort(events, signal);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.engine.abort(id);
    }
  }

  async countTokens(text: string): Promise<number> {
    const release = this.engine.hold();
    try {
      await this.ensureReady();
      return await this.engine.count(text);
    } finally {
      release();
    }
  }

  readFolder(): Promise<FolderFacts> {
    const { path, dtype, task } = this.config;
    return task === 'text2text-generation' ? readFolder(path, dtype) : readModelFolder(path, dtype);
  }

  warmUp(onProgress?: (fraction: number) => void): Promise<BackendState> {
    return this.engine.start(onProgress);
  }

  state(): BackendState {
    return this.engine.state();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private async ensureReady(onProgress?: (fraction: number) => void): Promise<void> {
    const state = await this.engine.start(onProgress);
    if (state.state !== 'unavailable') return;
    throw new AppError('model-unavailable', `${state.reason} ${state.remedy}`, {
      details: { remedy: state.remedy },
      ...(this.engine.lastWords !== undefined && { cause: this.engine.lastWords }),
    });
  }
}

/** What comes until the queue is closed, a `finish` has come, or the signal aborts. */
async function* eventsUntilAbort(events: EventQueue, signal: AbortSignal): AsyncGenerator<BackendEvent> {
  const onAbort = () => events.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (let event = await events.next(); event; event = await events.next()) {
      if (signal.aborted) return;
      yield toBackendEvent(event);
      if (event.type === 'finish') return;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function toBackendEvent(event: EngineEvent): BackendEvent {
  switch (event.type) {
    case 'delta':
      return {
        type: 'delta',
        choice: event.choice,
        kind: 'text',
        text: event.text,
        ...(event.tokens && { tokens: event.tokens }),
      };
    case 'progress':
      return { type: 'progress', label: event.label, fraction: event.fraction };
    case 'choice-end':
      return { type: 'choice-end', choice: event.choice, reason: event.reason };
    case 'finish':
      return { type: 'finish', reason: event.reason, usage: event.usage };
    case 'failed':
      throw new AppError(event.code, event.message, {
        retryable: event.retryable,
        ...(event.details && { details: event.details }),
      });
  }
}

function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError
    ? thrown
    : new AppError('internal', 'The model could not be loaded.', { cause: thrown });
}
