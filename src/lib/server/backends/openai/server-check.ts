import { AppError } from '../../../domain/errors';
import type { BackendState } from '../backend';
import { askerOf } from '../discovery/asker';
import type { Transport } from '../http/transport';
import type { OpenaiConfig } from './config';
import { assumed, isKnown, probeServer, type Probe } from './probe';

/** Milliseconds for all questions together. */
const patienceMs = 20_000;

/** Remembers what a server said of itself, and whether it could be asked. Only one round of questions is under way. */
export class ServerCheck {
  probe: Probe | undefined;
  private fault: AppError | undefined;
  private running: Promise<Probe> | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly config: OpenaiConfig,
    private readonly transport: Transport,
  ) {}

  /** What it said, asked if need be. Rejects with the fault that keeps it from being asked. */
  ready(): Promise<Probe> {
    if (this.probe && !this.fault) return Promise.resolve(this.probe);
    this.running ??= this.ask().finally(() => (this.running = undefined));
    if (this.fault || !isKnown(this.config)) return this.running;
    // Nothing that a hosted server says changes how it is asked, and its list of models is long: nobody waits for it.
    this.running.catch(() => undefined);
    this.probe = assumed(this.config);
    return Promise.resolve(this.probe);
  }

  state(): BackendState {
    if (!this.fault) return this.probe ? { state: 'ready' } : { state: 'loading' };
    if (isLoading(this.fault)) return { state: 'loading' };
    return { state: 'unavailable', reason: this.fault.message, remedy: remedyFor(this.fault) };
  }

  /** A request came to nothing: if that is about the server, it is asked again before the next. */
  tell(fault: unknown): void {
    if (!(fault instanceof AppError)) return;
    const isLost = fault.code === 'backend-unreachable' && fault.details?.status === undefined;
    const isKey = fault.code === 'backend-rejected' && isRefusal(fault);
    if (isLost || isKey) this.fault = fault;
  }

  close(): void {
    this.closing.abort();
  }

  private async ask(): Promise<Probe> {
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(patienceMs)]);
    try {
      this.probe = await probeServer(this.config, askerOf(this.transport, signal));
      this.fault = undefined;
      return this.probe;
    } catch (thrown) {
      this.fault =
        thrown instanceof AppError
          ? thrown
          : new AppError('backend-unreachable', "The model's server did not answer in time.", {
              cause: thrown,
            });
      throw this.fault;
    }
  }
}

/** Whether the server is up, and only not ready yet. */
export function isLoading(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'model-unavailable' && thrown.retryable;
}

function isRefusal({ details }: AppError): boolean {
  return details?.status === 401 || details?.status === 403;
}

function remedyFor(fault: AppError): string {
  if (isRefusal(fault)) return 'Set the key of this server ("apiKey") in its configuration.';
  if (fault.code === 'rate-limited') return 'Try again later.';
  return 'Start the server, or correct its "url" in the configuration.';
}
