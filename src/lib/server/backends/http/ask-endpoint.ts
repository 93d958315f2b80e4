import { request as ask, type Dispatcher } from 'undici';
import { SilenceError } from './connection-fault';
import type { Endpoint } from './endpoint';
import { UndiciReply } from './http-reply';
import type { HttpReply, HttpRequest } from './transport';

export interface AskLimits {
  dispatcher: Dispatcher;
  firstByteMs: number;
  idleMs: number;
  redact: (text: string) => string;
}

/** Asks one server once. Rejects with whatever the network threw; the circuit learns of nothing here. */
export async function askEndpoint(
  endpoint: Endpoint,
  { method, path, body, signal, headers = {}, firstByteTimeoutMs }: HttpRequest,
  limits: AskLimits,
): Promise<HttpReply> {
  signal.throwIfAborted();
  const firstByteMs = firstByteTimeoutMs ?? limits.firstByteMs;
  const startedAt = performance.now();
  const controller = new AbortController();
  const silence = setTimeout(() => controller.abort(new SilenceError('no answer in time')), firstByteMs);
  try {
    const response = await ask(endpoint.addressOf(path), {
      method,
      dispatcher: limits.dispatcher,
      signal: AbortSignal.any([signal, controller.signal]),
      headers: endpoint.headersFor({
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      }),
      ...(body !== undefined && { body: JSON.stringify(endpoint.bodyFor(body)) }),
    });
    return new UndiciReply(response, {
      firstByteMs: Math.max(1, firstByteMs - (performance.now() - startedAt)),
      idleMs: limits.idleMs,
      signal,
      redact: limits.redact,
    });
  } finally {
    clearTimeout(silence);
  }
}
