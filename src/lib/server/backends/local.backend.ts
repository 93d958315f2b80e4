import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { AppError } from '../../domain/errors';
import { unknownParameters } from '../../domain/parameters';
import { programPath } from '../programs';
import type { Backend, BackendDefinition, BackendEvent, BackendState, GenerateRequest } from './backend';
import { EngineProcess } from './local/engine-process';
import { EventQueue } from './local/event-queue';
import type { EngineEvent, EngineRequest } from './local/protocol';

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
    this.engine = new EngineProcess({
      programPath: programPath('engine'),
      model: { path, threads, slots: 1, context: 2048 },
    });
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
    if (signal.aborted) return;
    for (const name of unknownParameters(parameters, this.type)) {
      yield { type: 'warning', code: 'unknown-parameter', text: `The local engine does not know ${name}.` };
      if (signal.aborted) return;
    }
    if (this.engine.state().state !== 'ready') yield { type: 'progress', label: 'loading', fraction: 0 };
    if (!(await endsBeforeAbort(this.ensureReady(), signal))) return;
    yield* this.answer({ prompt: request.prompt, parameters, ...cache }, signal);
  }

  private async *answer(request: EngineRequest, signal: AbortSignal): AsyncGenerator<BackendEvent> {
    const events = new EventQueue();
    const id = this.engine.request(request, (event) => events.push(event));
    // At once, not when the reader asks for more: the engine is free for the next request then.
    const onAbort = () => {
      this.engine.abort(id);
      events.close();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let event = await events.next(); event; event = await events.next()) {
        if (signal.aborted) return;
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
    if (state.state !== 'unavailable') return;
    throw new AppError('model-unavailable', `${state.reason} ${state.remedy}`, {
      details: { remedy: state.remedy },
      ...(this.engine.lastWords !== undefined && { cause: this.engine.lastWords }),
    });
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
    case 'finish':
      return { type: 'finish', reason: event.reason, usage: event.usage };
    case 'failed':
      throw new AppError(event.code, event.message, {
        retryable: event.retryable,
        ...(event.details && { details: event.details }),
      });
  }
}

/** Waits for `work` or an abort, whichever is first; false when it was the abort. Loading itself goes on. */
async function endsBeforeAbort(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  if (!signal.aborted) await Promise.race([work, aborted]);
  // A fault after the abort interests nobody any more; without a listener it would end the server.
  if (signal.aborted) work.catch(() => undefined);
  return !signal.aborted;
}
