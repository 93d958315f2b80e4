import type { Entry } from '../domain/generation-event';
import type { OwnerEvent } from '../domain/owner-event';
import { fromWire, type Wire } from '../domain/wire';
import type { Api } from './api';
import type { ChatSession } from './chat-session.svelte';
import { readFrames } from './event-stream';

const firstDelayMs = 300;
const longestDelayMs = 8000;
/** Shorter breaks are not worth a word. */
const tellAfterMs = 1500;

export interface LiveOptions {
  api: Api;
  onOwnerEvent: (event: OwnerEvent) => void;
  /** The stream is back after a break: what was missed meanwhile must be asked for. */
  onReturn: () => Promise<void>;
}

/** The page's one stream of events: it follows the conversation that is open, and comes back by itself. */
export class LiveEvents {
  /** The server has not been reached for a while. */
  isLost = $state(false);
  private session: ChatSession | null = null;
  private controller: AbortController | undefined;
  private lostTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LiveOptions) {}

  /** Follows this conversation from now on; `null`: only the list. */
  follow(session: ChatSession | null): void {
    if (this.controller && this.session === session) return;
    this.session = session;
    this.restart(false);
  }

  /** A hidden page with nothing running gives its connection back; a visible one asks what it missed. */
  onVisibility(isVisible: boolean): void {
    if (isVisible && !this.controller) this.restart(true);
    if (!isVisible && !this.session?.isRunning) this.close();
  }

  close(): void {
    this.controller?.abort();
    this.controller = undefined;
  }

  private restart(hasMissed: boolean): void {
    this.close();
    this.controller = new AbortController();
    void this.run(this.controller.signal, hasMissed);
  }

  private async run(signal: AbortSignal, hasMissed: boolean): Promise<void> {
    let delayMs = firstDelayMs;
    let mustCatchUp = hasMissed;
    while (!signal.aborted) {
      try {
        if (mustCatchUp) await this.options.onReturn();
        const { session } = this;
        const body = await this.options.api.events(session?.id ?? null, session?.cursors() ?? [], signal);
        this.tellReached();
        delayMs = firstDelayMs;
        await this.read(body, session, signal);
      } catch {
        // Whatever broke it, the answer is the same: again, and less often each time.
      }
      if (signal.aborted) return;
      mustCatchUp = true;
      this.lostTimer ??= setTimeout(() => (this.isLost = true), tellAfterMs);
      await new Promise((resolve) => setTimeout(resolve, delayMs * (0.5 + Math.random())));
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }
  }

  private async read(
    body: ReadableStream<Uint8Array>,
    session: ChatSession | null,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const { id, event, data } of readFrames(body)) {
      if (signal.aborted) return;
      if (event === 'list') this.options.onOwnerEvent(fromWire(JSON.parse(data) as Wire<OwnerEvent>));
      else session?.receive(id.split(':')[0] ?? '', JSON.parse(data) as Entry, true);
    }
  }

  private tellReached(): void {
    clearTimeout(this.lostTimer);
    this.lostTimer = undefined;
    this.isLost = false;
  }
}
