import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { AppError } from '../../domain/errors';
import { unknownParameters } from '../../domain/parameters';
import { programPath } from '../programs';
import type { Backend, BackendDefinition, BackendEvent, BackendState, GenerateRequest } from './backend';
import { EngineProcess } from './local/engine-process';
import type { EngineEvent } from './local/protocol';

const configSchema = z.strictObject({
  type: z.literal('local'),
  /** The folder of the model, in the layout of the Hugging Face Hub. */
  path: z.string().min(1),
  threads: z.int().min(1).max(256).optional(),
});

export type LocalConfig = z.infer<typeof configSchema>;

/** Runs ONNX models on this machine, each in an engine process of its own. */
export const localBackend: BackendDefinition<LocalConfig> = {
  type: 'local',
  schema: configSchema,
  create: (config) => new LocalBackend(config),
};

/** More threads than real cores slow a small model down, and more than eight bring nothing. */
function defaultThreads(): number {
  const logical = availableParallelism();
  return logical <= 2 ? logical : Math.min(8, Math.ceil(logical / 2));
}

export class LocalBackend implements Backend {
  readonly type = 'local';
  readonly accepts = ['prompt'] as const;
  readonly maxConcurrency = 1;
  private readonly engine: EngineProcess;

  constructor({ path, threads = defaultThreads() }: LocalConfig) {
    this.engine = new EngineProcess({ programPath: programPath('engine'), modelPath: path, threads });
  }

  /** The engine's process, while there is one. */
  get pid(): number | undefined {
    return this.engine.pid;
  }

  async *generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const { parameters, signal, cache } = request;
    if (request.kind !== 'prompt' || request.suffix !== undefined) {
      throw new AppError('invalid-input', 'The local engine continues a prompt, and nothing else yet.');
    }
    for (const name of unknownParameters(parameters, this.type)) {
      yield { type: 'warning', code: 'unknown-parameter', text: `The local engine does not know ${name}.` };
    }
    if (signal.aborted) return;
    if (this.engine.state().state !== 'ready') yield { type: 'progress', label: 'loading', fraction: 0 };
    await this.ensureReady();
    if (signal.aborted) return;
    const events = new EventQueue();
    const scope = cache && { scope: cache.scope };
    const id = this.engine.request({ prompt: request.prompt, parameters, ...scope }, (event) =>
      events.push(event),
    );
    const onAbort = () => {
      this.engine.abort(id);
      events.close();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let event = await events.next(); event; event = await events.next()) {
        yield toBackendEvent(event);
        if (event.type === 'finish') return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.engine.abort(id);
    }
  }

  async countTokens(text: string): Promise<number> {
    await this.ensureReady();
    return this.engine.count(text);
  }

  warmUp(): Promise<BackendState> {
    return this.engine.start();
  }

  state(): BackendState {
    return this.engine.state();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private async ensureReady(): Promise<void> {
    const state = await this.engine.start();
    if (state.state === 'unavailable')
      throw new AppError('model-unavailable', `${state.reason} ${state.remedy}`);
  }
}

function toBackendEvent(event: EngineEvent): BackendEvent {
  switch (event.type) {
    case 'delta':
      return { type: 'delta', choice: 0, kind: 'text', text: event.text };
    case 'progress':
      return { type: 'progress', label: event.label, fraction: event.fraction };
    case 'finish':
      return { type: 'finish', reason: event.reason, usage: event.usage };
    case 'failed':
      throw new AppError(event.code, event.message, {
        retryable: event.retryable,
        ...(event.details && { details: event.details }),
      });
  }
}

/** Events that came and were not read yet. After `close` there are none. */
class EventQueue {
  private events: (EngineEvent | AppError)[] = [];
  private isClosed = false;
  private wake: (() => void) | undefined;

  push(event: EngineEvent | AppError): void {
    this.events.push(event);
    this.wake?.();
  }

  close(): void {
    this.isClosed = true;
    this.wake?.();
  }

  /** The next event, or nothing when the queue is closed. Throws the fault that ended the request. */
  async next(): Promise<EngineEvent | undefined> {
    while (this.events.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.isClosed) return undefined;
    const event = this.events.shift();
    if (event instanceof AppError) throw event;
    return event;
  }
}
