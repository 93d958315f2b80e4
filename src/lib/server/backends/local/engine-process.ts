import { fork, type ChildProcess } from 'node:child_process';
import { AppError } from '../../../domain/errors';
import type { BackendState } from '../backend';
import type { EngineEvent, EngineRequest, FromEngine, ToEngine } from './protocol';

export interface EngineOptions {
  /** The built engine program. */
  programPath: string;
  modelPath: string;
  threads: number;
}

/** After so many crashes in a minute the engine stays down until the minute is over. */
const maxCrashes = 5;
const crashWindowMs = 60_000;
const killAfterMs = 2_000;
/** How much of what a crashing engine writes is kept for the log. */
const keptStderr = 4_000;

type Listener = (event: EngineEvent | AppError) => void;

/**
 * The engine of one model, in a child process that is started when it is first needed and again after a crash. A crash
 * ends the requests that it was answering, each with a `backend-unreachable`; nothing else notices.
 */
export class EngineProcess {
  private child: ChildProcess | undefined;
  private starting: Promise<BackendState> | undefined;
  private current: BackendState = { state: 'loading' };
  private readonly listeners = new Map<number, Listener>();
  private readonly counting = new Map<
    number,
    { resolve: (count: number) => void; reject: (fault: AppError) => void }
  >();
  private readonly crashes: number[] = [];
  private stderr = '';
  private lastId = 0;
  private isClosed = false;

  constructor(private readonly options: EngineOptions) {}

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
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
    this.send({ type: 'generate', id: this.lastId, ...request });
    return this.lastId;
  }

  /** Ends a request: its listener hears nothing more. */
  abort(id: number): void {
    if (this.listeners.delete(id)) this.send({ type: 'abort', id });
  }

  count(text: string): Promise<number> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.counting.set(id, { resolve, reject });
      this.send({ type: 'count', id, text });
    });
  }

  /** Ends the process: politely, then by force. */
  async close(): Promise<void> {
    this.isClosed = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    await exited;
    clearTimeout(timer);
  }

  private async load(): Promise<BackendState> {
    const nowMs = performance.now();
    while (this.crashes[0] !== undefined && this.crashes[0] < nowMs - crashWindowMs) this.crashes.shift();
    if (this.isClosed || this.crashes.length >= maxCrashes) {
      return (this.current = {
        state: 'unavailable',
        reason: 'The engine of this model has crashed several times in a minute.',
        remedy: 'Wait a minute and try again. The server log says what the engine wrote last.',
      });
    }
    this.current = { state: 'loading' };
    const child = this.spawn();
    this.child = child;
    this.current = await new Promise<BackendState>((resolve) => {
      child.on('message', (message: FromEngine) => {
        if (message.type === 'ready') resolve({ state: 'ready' });
        else if (message.type === 'refused') resolve(refused(child, message));
        else this.receive(message);
      });
      child.once('error', () => resolve(this.exited(child)));
      child.once('exit', () => resolve(this.exited(child)));
      this.send({ type: 'load', path: this.options.modelPath, threads: this.options.threads });
    });
    return this.current;
  }

  private spawn(): ChildProcess {
    // It needs nothing of our environment, which may hold keys.
    const child = fork(this.options.programPath, [], {
      env: { NODE_ENV: 'production', ...(process.platform === 'win32' && { SystemRoot: 'C:\\Windows' }) },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (data: Buffer) => {
      this.stderr = (this.stderr + data.toString('utf8')).slice(-keptStderr);
    });
    return child;
  }

  private send(message: ToEngine): void {
    const { child } = this;
    if (!child?.connected) {
      if (message.type !== 'abort') this.exited(child);
      return;
    }
    // A pipe that breaks now is followed by "exit", which tells everybody.
    child.send(message, () => undefined);
  }

  private receive(message: Exclude<FromEngine, { type: 'ready' | 'refused' }>): void {
    if (message.type === 'counted') {
      this.counting.get(message.id)?.resolve(message.count);
      this.counting.delete(message.id);
      return;
    }
    const listener = this.listeners.get(message.id);
    if (message.type === 'finish' || message.type === 'failed') this.listeners.delete(message.id);
    listener?.(message);
  }

  /** The process is gone: everybody who waits is told, and the state says so until it is started again. */
  private exited(child: ChildProcess | undefined): BackendState {
    const wasCurrent = child === this.child && child !== undefined;
    if (wasCurrent) {
      this.child = undefined;
      if (!this.isClosed && this.current.state !== 'unavailable') this.crashes.push(performance.now());
    }
    if (wasCurrent && this.current.state === 'ready') this.current = { state: 'loading' };
    const cause = this.stderr === '' ? undefined : this.stderr;
    this.stderr = '';
    const crashed = new AppError(
      'backend-unreachable',
      'The engine of this model has crashed. It starts again by itself.',
      {
        ...(cause !== undefined && { cause }),
      },
    );
    const listeners = [...this.listeners.values()];
    const counting = [...this.counting.values()];
    this.listeners.clear();
    this.counting.clear();
    for (const listener of listeners) listener(crashed);
    for (const { reject } of counting) reject(crashed);
    if (wasCurrent && !this.isClosed && this.starting === undefined) void this.start();
    return this.starting === undefined
      ? this.current
      : {
          state: 'unavailable',
          reason: 'The engine of this model ended while it started.',
          remedy: 'The server log says what it wrote last. The model may need more memory than there is.',
        };
  }
}

/** A model that cannot be loaded needs no process. */
function refused(child: ChildProcess, { reason, remedy }: { reason: string; remedy: string }): BackendState {
  child.removeAllListeners('exit');
  child.kill('SIGTERM');
  return { state: 'unavailable', reason, remedy };
}
