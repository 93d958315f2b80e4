import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import type { BackendState } from '../backend';
import { EngineChild } from './engine-child';
import type { EngineEvent, EngineRequest, EngineSettings, FromEngine, ToEngine } from './protocol';
import { RestartPolicy } from './restart-policy';

export interface EngineOptions {
  /** The built engine program. */
  programPath: string;
  /** What it loads. */
  model: EngineSettings;
  /** A silent engine that owes an answer for so long hangs, and is killed. A step takes seconds at the very most. */
  silenceMs?: number;
}

type Listener = (event: EngineEvent | AppError) => void;
interface Counting {
  resolve(count: number): void;
  reject(fault: AppError): void;
}

const crashed: BackendState = {
  state: 'unavailable',
  reason: 'The engine of this model has crashed several times in a minute.',
  remedy: 'It is tried again in a minute. The model may need more memory than there is.',
};
const endedEarly: BackendState = {
  state: 'unavailable',
  reason: 'The engine of this model ended while it started.',
  remedy: 'Try again. The model may need more memory than there is.',
};
const closed: BackendState = {
  state: 'unavailable',
  reason: 'The engine of this model was closed.',
  remedy: 'Start the server again.',
};

/**
 * The engine of one model, in a child process that is started when it is first needed and again after a crash. A crash
 * ends the requests that it was answering, each with a `backend-unreachable`; nothing else notices.
 */
export class EngineProcess {
  private child: EngineChild | undefined;
  private starting: Promise<BackendState> | undefined;
  private current: BackendState = { state: 'loading' };
  private readonly listeners = new Map<number, Listener>();
  private readonly counting = new Map<number, Counting>();
  private readonly policy = new RestartPolicy();
  private readonly stopped = new AbortController();
  private watch: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private words: string | undefined;
  private lastId = 0;

  constructor(private readonly options: EngineOptions) {}

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** What the engine that ended last wrote to stderr: for the log, not for people. */
  get lastWords(): string | undefined {
    return this.words;
  }

  state(): BackendState {
    return this.current;
  }

  /** Starts the process and loads the model, unless that is done or under way. */
  start(): Promise<BackendState> {
    if (this.current.state === 'ready') return Promise.resolve(this.current);
    this.starting ??= this.load().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Sends a request; `listener` gets its events, or the fault that ended it. Returns its id. */
  request(request: EngineRequest, listener: Listener): number {
    this.lastId += 1;
    this.listeners.set(this.lastId, listener);
    this.sendOrFail({ type: 'generate', id: this.lastId, ...request });
    return this.lastId;
  }

  /** Ends a request: its listener hears nothing more. */
  abort(id: number): void {
    if (!this.listeners.delete(id)) return;
    this.child?.send({ type: 'abort', id });
    this.keepWatch();
  }

  /** Tokens of a text. Rejects with `backend-unreachable` when the engine ends before it answers. */
  count(text: string): Promise<number> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.counting.set(id, { resolve, reject });
      this.sendOrFail({ type: 'count', id, text });
    });
  }

  /** Ends the process for good: politely, then by force. */
  async close(): Promise<void> {
    this.stopped.abort();
    this.current = closed;
    clearTimeout(this.retry);
    this.failAll('The engine of this model was closed.');
    await this.child?.close();
  }

  private async load(): Promise<BackendState> {
    const { signal } = this.stopped;
    if (signal.aborted) return closed;
    if (this.policy.closedForMs(performance.now()) > 0) return (this.current = crashed);
    this.current = { state: 'loading' };
    // A wait that close() ends throws, and then the next line answers.
    await delay(this.policy.waitMs(performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return closed;
    const state = await new Promise<BackendState>((resolve) => {
      const child: EngineChild = new EngineChild(
        this.options.programPath,
        (message) => {
          if (message.type === 'ready') resolve({ state: 'ready' });
          else if (message.type === 'refused') resolve(this.refused(child, message));
          else if (child === this.child) this.receive(message);
        },
        () => {
          this.ended(child);
          resolve(endedEarly);
        },
      );
      this.child = child;
      child.send({ type: 'load', ...this.options.model });
    });
    if (!signal.aborted) this.current = state;
    return this.current;
  }

  /** A model that cannot be loaded needs no process. */
  private refused(child: EngineChild, { reason, remedy }: { reason: string; remedy: string }): BackendState {
    this.words = child.lastWords;
    this.child = undefined;
    child.kill();
    return { state: 'unavailable', reason, remedy };
  }

  private sendOrFail(message: ToEngine & { id: number }): void {
    if (this.child?.send(message)) this.keepWatch();
    // Its end is about to be told; not now, since the caller does not know the id yet.
    else queueMicrotask(() => this.fail(message.id, this.unreachable()));
  }

  private receive(message: Exclude<FromEngine, { type: 'ready' | 'refused' }>): void {
    if (message.type === 'counted') {
      this.counting.get(message.id)?.resolve(message.count);
      this.counting.delete(message.id);
    } else {
      const listener = this.listeners.get(message.id);
      if (message.type === 'finish' || message.type === 'failed') this.listeners.delete(message.id);
      listener?.(message);
    }
    this.keepWatch();
  }

  /** An engine that owes something must say something, or it hangs and is killed: then it has ended like any other. */
  private keepWatch(): void {
    clearTimeout(this.watch);
    if (this.listeners.size + this.counting.size === 0) return;
    this.watch = setTimeout(() => this.child?.kill(), this.options.silenceMs ?? 60_000);
  }

  /** The process is gone: everybody who waits for it is told, and it starts again. */
  private ended(child: EngineChild): void {
    // A process that was replaced or refused has nobody waiting for it.
    if (child !== this.child) return;
    this.child = undefined;
    this.words = child.lastWords;
    const wasReady = this.current.state === 'ready';
    if (this.stopped.signal.aborted) return;
    this.policy.crashed(performance.now());
    const closedForMs = this.policy.closedForMs(performance.now());
    this.current = closedForMs > 0 ? crashed : { state: 'loading' };
    this.failAll('The engine of this model stopped. The text so far is kept; it starts again by itself.');
    clearTimeout(this.retry);
    if (closedForMs > 0) this.retry = setTimeout(() => void this.start(), closedForMs).unref();
    // One that ended while it loaded is tried again when it is next needed.
    else if (wasReady) void this.start();
  }

  private failAll(message: string): void {
    clearTimeout(this.watch);
    const fault = this.unreachable(message);
    for (const id of [...this.listeners.keys(), ...this.counting.keys()]) this.fail(id, fault);
  }

  private fail(id: number, fault: AppError): void {
    const listener = this.listeners.get(id);
    const counting = this.counting.get(id);
    this.listeners.delete(id);
    this.counting.delete(id);
    listener?.(fault);
    counting?.reject(fault);
  }

  private unreachable(message = 'The engine of this model stopped. Try again in a moment.'): AppError {
    return new AppError('backend-unreachable', message, {
      ...(this.words !== undefined && { cause: this.words }),
    });
  }
}
