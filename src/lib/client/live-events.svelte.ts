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
/** The server says something every 15 s; a stream that is silent for longer than this is dead, as after a sleep. */
const silentAfterMs = 35_000;

export interface LiveOptions {
  api: Api;
  onOwnerEvent: (event: OwnerEvent) => void;
  /** The stream is back after a break: what was missed meanwhile must be asked for. */
  onReturn: () => Promise<void>;
  /** The first stream is there: what happened since the page was made has not been told. */
  onFirst: () => void;
  /** Whether an answer is being written anywhere: then a hidden page keeps its stream. */
  isBusy: () => boolean;
}

/** The page's one stream of events: it follows the conversation that is open, and comes back by itself. */
export class LiveEvents {
  /** The server has not been reached for a while. */
  isLost = $state(false);
  private session: ChatSession | null = null;
  private controller: AbortController | undefined;
  /** Of the stream that is read until the new one is there. */
  private former: AbortController | undefined;
  private lostTimer: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private isFirst = true;
  private endPause: (() => void) | undefined;

  constructor(private readonly options: LiveOptions) {}

  /** Follows this conversation from now on; `null`: only the list. */
  follow(session: ChatSession | null): void {
    if (this.controller && this.session === session) return;
    this.session = session;
    // What happens between two streams would never be told, so the former goes on until the new one is there.
    if (this.former) this.controller?.abort();
    else this.former = this.controller;
    this.start(false);
  }

  /** A hidden page with nothing running gives its connection back; a visible one asks what it missed. */
  onVisibility(isVisible: boolean): void {
    if (!isVisible && !this.options.isBusy()) this.close();
    if (isVisible) this.check();
  }

  /** Connects again when the stream is closed or dead; to be called now and then while the page is visible. */
  check(): void {
    if (this.controller && Date.now() - this.heardAt <= silentAfterMs) return;
    this.close();
    this.start(true);
  }

  /** Tries at once what would be tried in a while: the network is back. */
  retryNow(): void {
    this.endPause?.();
  }

  close(): void {
    this.controller?.abort();
    this.controller = undefined;
    this.endFormer();
  }

  private endFormer(): void {
    this.former?.abort();
    this.former = undefined;
  }

  private start(hasMissed: boolean): void {
    this.controller = new AbortController();
    this.heardAt = Date.now();
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
        if (signal.aborted) return;
        this.endFormer();
        this.tellReached();
        if (this.isFirst) this.options.onFirst();
        this.isFirst = false;
        delayMs = firstDelayMs;
        await this.read(body, session, signal);
      } catch {
        // Whatever broke it, the answer is the same: again, and less often each time.
      }
      // The former one does not come back.
      if (signal.aborted || signal !== this.controller?.signal) return;
      mustCatchUp = true;
      this.lostTimer ??= setTimeout(() => (this.isLost = true), tellAfterMs);
      await this.pause(delayMs * (0.5 + Math.random()), signal);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }
  }

  private async read(
    body: ReadableStream<Uint8Array>,
    session: ChatSession | null,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const { id, event, data } of readFrames(body, () => (this.heardAt = Date.now()))) {
      if (signal.aborted) return;
      if (event === 'list') this.options.onOwnerEvent(fromWire(JSON.parse(data) as Wire<OwnerEvent>));
      else session?.receive(id.split(':')[0] ?? '', JSON.parse(data) as Entry, true);
    }
  }

  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        // A pause is no silence of the server.
        this.heardAt = Date.now();
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.endPause = end;
    });
  }

  private tellReached(): void {
    clearTimeout(this.lostTimer);
    this.lostTimer = undefined;
    this.isLost = false;
  }
}
