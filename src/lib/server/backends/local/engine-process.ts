import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import type { BackendState, Note } from '../backend';
import { EngineChild, type EngineProgram } from './engine-child';
import { explainEnd, type EndExplained, type EngineEnd } from './engine-end';
import { EngineRequests, type Listener } from './engine-requests';
import type { EngineRequest, EngineSettings, FromEngine, ToEngine } from './protocol';
import { RestartPolicy } from './restart-policy';
import { SilenceWatch } from './silence-watch';

export interface EngineOptions extends EngineProgram {
  /** What it loads. */
  model: EngineSettings;
  /** Time without a request until the process ends, to be started again by the next; 0 or absent: never. */
  idleUnloadMs?: number;
  /** A silent engine that owes an answer for so long hangs, and is killed. It says every two seconds that it is alive. */
  silenceMs?: number;
  /** The same while it loads: making the session of a large model is one long call. */
  loadSilenceMs?: number;
  onNote?: Note;
}

const ready: BackendState = { state: 'ready' };
const loading: BackendState = { state: 'loading' };
const closed: BackendState & { state: 'unavailable' } = {
  state: 'unavailable',
  reason: 'The engine of this model was closed.',
  remedy: 'Start the server again.',
};

/**
 * The engine of one model, in a child process that is started when it is first needed, again after a crash, and again
 * after it left memory because nobody used it. A crash ends the requests that it was answering, each with a
 * `backend-unreachable`; nothing else notices.
 */
export class EngineProcess {
  private child: EngineChild | undefined;
  private starting: Promise<BackendState> | undefined;
  private current: BackendState = ready;
  private loaded = false;
  private fraction = 0;
  private startedAtMs = 0;
  private readonly onLoading = new Set<(fraction: number) => void>();
  private readonly requests = new EngineRequests();
  private readonly policy = new RestartPolicy();
  private readonly stopped = new AbortController();
  private readonly watch = new SilenceWatch(() => this.child?.kill('silence'));
  private holds = 0;
  private idle: NodeJS.Timeout | undefined;
  private leaving: Promise<void> = Promise.resolve();
  private retry: NodeJS.Timeout | undefined;
  private words: string | undefined;

  constructor(private readonly options: EngineOptions) {}

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Whether the next request is answered without loading. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  /** What the engine that ended last wrote to stderr: for the log, not for people. */
  get lastWords(): string | undefined {
    return this.words;
  }

  /** `ready` also while nothing is loaded: the next request loads it. */
  state(): BackendState {
    return this.current;
  }

  /** Starts the process and loads the model, unless that is done or under way; `onLoading` hears how far it is. */
  start(onLoading?: (fraction: number) => void): Promise<BackendState> {
    if (this.loaded) return Promise.resolve(this.current);
    this.starting ??= this.load().finally(() => {
      this.starting = undefined;
      this.onLoading.clear();
      this.update();
    });
    if (onLoading) {
      onLoading(this.fraction);
      this.onLoading.add(onLoading);
    }
    return this.starting;
  }

  /** Keeps the process in memory until the function that is returned is called. */
  hold(): () => void {
    this.holds += 1;
    this.update();
    let isHeld = true;
    return () => {
      if (isHeld) this.holds -= 1;
      isHeld = false;
      this.update();
    };
  }

  /** Sends a request; `listener` gets its events, or the fault that ended it. Returns its id. */
  request(request: EngineRequest, listener: Listener): number {
    const id = this.requests.listen(listener);
    this.sendOrFail({ type: 'generate', id, ...request });
    return id;
  }

  /** Ends a request: its listener hears nothing more. */
  abort(id: number): void {
    if (!this.requests.leave(id)) return;
    this.child?.send({ type: 'abort', id });
    this.update();
  }

  /** Tokens of a text. Rejects with `backend-unreachable` when the engine ends before it answers. */
  count(text: string): Promise<number> {
    return this.requests.count((id) => this.sendOrFail({ type: 'count', id, text }));
  }

  /** Ends the process for good: politely, then by force. */
  async close(): Promise<void> {
    this.stopped.abort();
    this.current = closed;
    clearTimeout(this.retry);
    this.requests.failAll(this.unreachable(closed));
    this.update();
    await Promise.all([this.leaving, this.child?.close()]);
  }

  private async load(): Promise<BackendState> {
    const { signal } = this.stopped;
    if (signal.aborted) return closed;
    if (this.policy.closedForMs(performance.now()) > 0) return this.current;
    this.current = loading;
    this.fraction = 0;
    await this.leaving;
    // A wait that close() ends throws, and then the next line answers.
    await delay(this.policy.waitMs(performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return closed;
    this.startedAtMs = performance.now();
    const state = await new Promise<BackendState>((resolve) => {
      const child: EngineChild = new EngineChild(
        this.options,
        (message) => {
          if (child === this.child) this.receive(child, message, resolve);
        },
        (end) => resolve(this.ended(child, end)),
      );
      this.child = child;
      this.update();
      child.send({ type: 'load', ...this.options.model });
    });
    if (!signal.aborted) this.current = state;
    return this.current;
  }

  private receive(child: EngineChild, message: FromEngine, resolve: (state: BackendState) => void): void {
    if (message.type === 'ready') {
      this.loaded = true;
      const ms = Math.round(performance.now() - this.startedAtMs);
      this.note('a local model was loaded', { binding: message.binding, ms, pid: child.pid });
      resolve(ready);
    } else if (message.type === 'refused') {
      // A model that cannot be loaded needs no process.
      this.words = child.lastWords;
      this.child = undefined;
      child.kill('other');
      resolve({ state: 'unavailable', reason: message.reason, remedy: message.remedy });
    } else if (message.type === 'loading') {
      this.fraction = message.fraction;
      for (const listener of this.onLoading) listener(message.fraction);
    } else if (message.type !== 'alive') this.requests.receive(message);
    this.update();
  }

  private sendOrFail(message: ToEngine & { id: number }): void {
    if (this.child?.send(message)) this.update();
    // Its end is about to be told; not now, since the caller does not know the id yet.
    else
      queueMicrotask(() =>
        this.requests.fail(
          message.id,
          this.unreachable({ reason: 'The engine of this model stopped.', remedy: 'Try again in a moment.' }),
        ),
      );
  }

  /**
   * Something has happened. An engine that loads or owes something must say something again soon, or it hangs and is
   * killed: then it has ended like any other. One that nobody needs leaves memory after a while.
   */
  private update(): void {
    const { silenceMs = 15_000, loadSilenceMs = 180_000, idleUnloadMs = 0 } = this.options;
    if (!this.child) this.watch.heard(undefined);
    else if (!this.loaded) this.watch.heard(loadSilenceMs);
    else this.watch.heard(this.requests.size > 0 ? silenceMs : undefined);
    const isIdle = this.loaded && this.holds + this.requests.size === 0;
    if (isIdle && idleUnloadMs > 0) this.idle ??= setTimeout(() => this.unload(), idleUnloadMs).unref();
    else {
      clearTimeout(this.idle);
      this.idle = undefined;
    }
  }

  private unload(): void {
    const { child } = this;
    this.child = undefined;
    this.loaded = false;
    this.update();
    this.leaving = child?.close() ?? Promise.resolve();
    this.note('a local model left memory', {});
  }

  /** The process is gone: everybody who waits for it is told, and it starts again. Returns the state that follows. */
  private ended(child: EngineChild, end: EngineEnd): BackendState {
    // A process that was replaced, refused or unloaded has nobody waiting for it.
    if (child !== this.child) return this.current;
    const { signal } = this.stopped;
    const wasLoaded = this.loaded;
    this.child = undefined;
    this.loaded = false;
    this.words = end.words;
    this.update();
    if (signal.aborted) return closed;
    const explained = explainEnd(end);
    this.note('an engine ended', { ...end, wasLoaded });
    this.policy.crashed(performance.now());
    const closedForMs = this.policy.closedForMs(performance.now());
    const remedy = closedForMs > 0 ? `It is tried again in a minute. ${explained.remedy}` : explained.remedy;
    this.current = { state: 'unavailable', reason: explained.reason, remedy };
    this.requests.failAll(
      this.unreachable({ reason: `${explained.reason} The text so far is kept.`, remedy: explained.remedy }),
    );
    clearTimeout(this.retry);
    if (closedForMs > 0) this.retry = setTimeout(() => void this.start(), closedForMs).unref();
    // One that ended while it loaded is tried again when it is next needed.
    else if (wasLoaded) void this.start();
    return this.current;
  }

  private unreachable({ reason, remedy }: EndExplained): AppError {
    return new AppError('backend-unreachable', `${reason} ${remedy}`, {
      details: { remedy },
      ...(this.words !== undefined && { cause: this.words }),
    });
  }

  private note(message: string, details: object): void {
    this.options.onNote?.(message, { model: this.options.model.path, ...details });
  }
}
