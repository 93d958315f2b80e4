import { maxMessageLength } from '../domain/message';
import type { Measure } from '../domain/prompt';
import type { MeasureRequest } from '../domain/requests';
import { ApiError, type Api } from './api';

/** After the last key, in milliseconds; a long text waits longer, since it is sent as a whole. */
const waitMs = 350;
const waitLongMs = 1200;
const longText = 50_000;

/** Asks the server how much of the context a draft would use, once the typing pauses. */
export class ContextMeasure {
  /** The last answer; `null`: there is none yet, or the model cannot count now. */
  value = $state.raw<Measure | null>(null);
  /** No server takes a text of this length. */
  isTooLarge = $state.raw(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | undefined;

  constructor(private readonly api: Pick<Api, 'measure'>) {}

  /** Forgets an older question. */
  ask(request: MeasureRequest): void {
    this.stop();
    this.isTooLarge = request.text.length > maxMessageLength;
    if (this.isTooLarge) return;
    const delayMs = request.text.length > longText ? waitLongMs : waitMs;
    this.timer = setTimeout(() => void this.send(request), delayMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  private async send(request: MeasureRequest): Promise<void> {
    const { signal } = (this.asking = new AbortController());
    try {
      const value = await this.api.measure(request, signal);
      if (!signal.aborted) this.value = value;
    } catch (thrown) {
      if (signal.aborted) return;
      // A message that is not stored yet is asked about again when it is; a figure that may be wrong is not shown.
      if (!(thrown instanceof ApiError)) throw thrown;
      this.value = null;
    }
  }
}
