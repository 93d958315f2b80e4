import type { ChatModel } from './chat-model';

const lookEveryMs = 2000;
const firstRetryMs = 5000;
const longestRetryMs = 60_000;

/**
 * Notices when models become ready or unavailable, or say something else of themselves, and asks servers that are down
 * whether they are back, less often each time.
 */
export class ModelWatch {
  private timer: NodeJS.Timeout | undefined;
  private known = new Map<ChatModel, string>();
  private readonly retries = new Map<ChatModel, { atMs: number; waitMs: number }>();

  constructor(
    private readonly models: () => ChatModel[],
    private readonly onChange: () => void,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => {
      this.look();
      this.retry(performance.now());
    }, lookEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Compares what the models say with what they said when it was last told. */
  look(): void {
    const now = this.models();
    const isChanged = now.some((model) => this.known.get(model) !== model.signature());
    if (isChanged) this.onChange();
  }

  /** What the models say now has been told. */
  remember(): void {
    this.known = new Map(this.models().map((model) => [model, model.signature()]));
  }

  /** Models of servers whose own watch says that they are down are left to it, and local ones to whoever asks for them. */
  private retry(nowMs: number): void {
    const down = this.models().filter(
      ({ backend, serverFault }) =>
        backend.type !== 'local' && !serverFault && backend.state().state === 'unavailable',
    );
    for (const model of this.retries.keys()) if (!down.includes(model)) this.retries.delete(model);
    for (const model of down) {
      const { atMs, waitMs } = this.retries.get(model) ?? {
        atMs: nowMs + firstRetryMs,
        waitMs: firstRetryMs,
      };
      this.retries.set(model, { atMs, waitMs });
      if (nowMs < atMs) continue;
      const nextMs = Math.min(waitMs * 2, longestRetryMs);
      this.retries.set(model, { atMs: nowMs + nextMs, waitMs: nextMs });
      // What it throws is a fault of ours, and `warmUp` at its first use shows it to whoever asks.
      model.warmUp().then(
        () => this.look(),
        () => this.look(),
      );
    }
  }
}
