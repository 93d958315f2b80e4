import { isDeepStrictEqual } from 'node:util';
import { isEndedByQuestions } from '../../domain/connection';
import { AppError } from '../../domain/errors';
import type { Note } from '../backends/backend';
import type { DiscoveredServer } from '../backends/discovery/discovered';
import type { HttpSettings } from '../backends/http/settings';
import { nameOf } from './discovered-models';
import type { ModelFault } from './model-config';
import type { ServerEntry } from './model-entry';

/** Finds out what a server has. Throws `AppError` with words for a person. */
export type Discover = (
  server: Pick<ServerEntry, 'url' | 'apiKey' | 'headers' | 'query' | 'type'>,
  context: { http: HttpSettings; signal: AbortSignal },
) => Promise<DiscoveredServer>;

export interface ServerWatchOptions {
  discover: Discover;
  http: HttpSettings;
  note?: Note;
  /** What somebody has to mend. */
  warn?: Note;
  /** Between two questions to a server that is up, where its entry does not say. */
  refreshMs?: number;
  /** After the first question without an answer; doubles up to `refreshMs`. */
  retryMs?: number;
  /** It said something else than before, or cannot be asked any more, or can again. */
  onChange: () => void;
}

/** Asks one server for its models, again and again, until it is closed. */
export class ServerWatch {
  /** What it last said; it stays while the server is down. */
  found: DiscoveredServer | undefined;
  fault: ModelFault | undefined;
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(
    readonly entry: ServerEntry,
    private readonly options: ServerWatchOptions,
  ) {}

  /** Asks now and from then on; resolves with the first outcome. */
  async start(): Promise<void> {
    await this.ask();
  }

  close(): void {
    this.controller.abort();
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const { signal } = this.controller;
    const { discover, http } = this.options;
    try {
      const found = await discover(this.entry, { http: { ...http, ...limitsOf(this.entry) }, signal });
      if (!signal.aborted) this.answered(found);
    } catch (thrown) {
      if (!signal.aborted) this.failed(thrown);
    }
    if (signal.aborted || this.isLeftAlone) return;
    this.timer = setTimeout(() => void this.ask(), this.waitMs()).unref();
  }

  /** It would lose answers by being asked; whoever uses its models notices when it is away. */
  private get isLeftAlone(): boolean {
    return this.failures === 0 && this.found !== undefined && isEndedByQuestions(this.found.flavour);
  }

  private answered(found: DiscoveredServer): void {
    const { note, onChange } = this.options;
    const isBack = this.failures > 0;
    const isSame = isDeepStrictEqual(found, this.found);
    this.failures = 0;
    this.fault = undefined;
    if (!isSame) this.found = found;
    if (isBack) note?.('a model server answers again', { server: nameOf(this.entry) });
    if (isBack || !isSame) onChange();
  }

  private failed(thrown: unknown): void {
    const { warn, onChange } = this.options;
    this.failures += 1;
    const reason = thrown instanceof AppError ? thrown.message : 'The server cannot be asked for its models.';
    const isNews = this.fault?.reason !== reason;
    this.fault = { reason, remedy: 'It is asked again by itself.' };
    if (!isNews) return;
    const details = {
      server: nameOf(this.entry),
      reason,
      ...(!(thrown instanceof AppError) && { err: thrown }),
    };
    warn?.('a model server cannot be asked for its models', details);
    onChange();
  }

  private waitMs(): number {
    const refreshMs = this.entry.refreshMs ?? this.options.refreshMs ?? 60_000;
    if (this.failures === 0) return refreshMs;
    return Math.min((this.options.retryMs ?? 2000) * 2 ** Math.min(this.failures - 1, 20), refreshMs);
  }
}

function limitsOf({
  connectTimeoutMs,
  firstByteTimeoutMs,
  idleTimeoutMs,
}: ServerEntry): Partial<HttpSettings> {
  return {
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(firstByteTimeoutMs !== undefined && { firstByteTimeoutMs }),
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
  };
}
