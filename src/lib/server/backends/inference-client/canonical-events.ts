import { AppError } from '../../../domain/errors';
import { readServerSentEvents } from '../http/sse';
import { payloadError } from '../http/upstream-error';
import { drainMs, nextWithin } from '../openai/read-reply';
import { asCompletionChunk } from './token-events';

export interface CanonicalOptions {
  /** `[DONE]` came. */
  onDone: () => void;
  /** Whether the answer has its end already: what cannot be read after it is of no interest. */
  hasFinished: () => boolean;
}

/**
 * A stream in the one form that the client of Hugging Face reads (4.13): it takes `[DONE]` with a space for broken JSON,
 * an `error` that is `null` for a fault, and loses a last event without a blank line. Faults of the server are thrown in
 * words, and token events of TGI become chunks of a completion. Whoever leaves early closes the reply.
 */
export async function* canonicalEvents(
  chunks: AsyncIterable<Uint8Array>,
  { onDone, hasFinished }: CanonicalOptions,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const events = readServerSentEvents(chunks)[Symbol.asyncIterator]();
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const data = next.value.trim();
    if (data === '[DONE]') {
      await nextWithin(events, drainMs);
      onDone();
      yield encoder.encode('data: [DONE]\n\n');
      return;
    }
    const payload = payloadIn(data, hasFinished);
    if (payload !== undefined) yield encoder.encode(`data: ${JSON.stringify(payload)}\n\n`);
  }
}

/** An object of the stream, without its member `error`; `undefined` for what comes after the end and is none. */
function payloadIn(data: string, hasFinished: () => boolean): object | undefined {
  let payload: unknown;
  try {
    payload = JSON.parse(data);
  } catch (cause) {
    if (hasFinished()) return undefined;
    throw new AppError('backend-protocol', "The model's server sent what cannot be read.", { cause });
  }
  return withoutFault(payload);
}

/** Throws the fault that an object tells of; otherwise takes out what only looks like one. */
export function withoutFault(payload: unknown): object {
  const fault = payloadError(payload);
  if (fault) throw fault;
  if (typeof payload !== 'object' || payload === null)
    throw new AppError('backend-protocol', "The model's server sent what cannot be read.");
  const { error: _error, ...rest } = payload as Record<string, unknown>;
  return Array.isArray(payload) ? payload : asCompletionChunk(rest);
}
