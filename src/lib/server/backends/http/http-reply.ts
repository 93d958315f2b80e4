import type { Dispatcher } from 'undici';
import { AppError } from '../../../domain/errors';
import { connectionFault, SilenceError } from './connection-fault';
import type { HttpReply } from './transport';

export interface ReplyLimits {
  /** Milliseconds that are left of the time for the first byte. */
  firstByteMs: number;
  idleMs: number;
  signal: AbortSignal;
  redact: (text: string) => string;
}

/** A reply of undici, with limits of silence that do not count while nobody reads. */
export class UndiciReply implements HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  private readonly body: Dispatcher.ResponseData['body'];

  constructor(
    { statusCode, headers, body }: Dispatcher.ResponseData,
    private readonly limits: ReplyLimits,
  ) {
    this.status = statusCode;
    this.body = body;
    // A body that is closed while nobody reads it ends with an error, which is nobody's then.
    body.on('error', () => undefined);
    this.headers = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    );
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const iterator = this.body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    let limitMs = this.limits.firstByteMs;
    try {
      for (;;) {
        const { done, value } = await this.within(limitMs, () => iterator.next());
        if (done === true) return;
        limitMs = this.limits.idleMs;
        yield value;
      }
    } catch (thrown) {
      this.limits.signal.throwIfAborted();
      throw connectionFault(thrown, this.limits.redact);
    } finally {
      this.close();
    }
  }

  async text(maxBytes = 1024 * 1024): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for await (const chunk of this.chunks()) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes)
        throw new AppError('backend-protocol', "The model's server sent more than it should have.");
      text += decoder.decode(chunk, { stream: true });
    }
    const whole = text + decoder.decode();
    // Some servers repeat the key that they refuse, and what went wrong is logged.
    return this.status >= 400 ? this.limits.redact(whole) : whole;
  }

  close(): void {
    this.body.destroy();
  }

  private async within<T>(limitMs: number, read: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.body.destroy(new SilenceError('silent for too long')), limitMs);
    try {
      return await read();
    } finally {
      clearTimeout(timer);
    }
  }
}
