import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import type { BackendEvent } from '../backend';
import { readServerSentEvents } from '../http/sse';
import type { HttpReply } from '../http/transport';
import { upstreamError } from '../http/upstream-error';
import type { ReplyReader } from './reply-reader';

/** Milliseconds that a server has for the usage after the last answer has ended, and for its `[DONE]`. */
export const usualGraceMs = 1500;
/** Milliseconds for the end of the body after `[DONE]`: the connection can then be used again. */
export const drainMs = 50;
const longestWhole = 64 * 1024 * 1024;

type Events = AsyncIterator<string, unknown>;

/**
 * The events of a reply with status 200: a stream, or JSON where the server does not stream. Ends with `[DONE]`, with the
 * body, or some time after the last finish reason: some servers leave the connection open. Lets go of it in any case.
 */
export async function* readReply(
  reply: HttpReply,
  reader: ReplyReader,
  graceMs = usualGraceMs,
): AsyncGenerator<BackendEvent> {
  try {
    const type = reply.headers['content-type'] ?? '';
    if (/\bjson\b/iu.test(type) && !/ndjson/iu.test(type))
      yield* reader.pushWhole(await reply.text(longestWhole));
    else if (/\bhtml\b/iu.test(type)) throw notAnApi(reply, await reply.text());
    else yield* readStream(reply, reader, graceMs);
    yield* reader.end();
    if (reader.fault) throw reader.fault;
  } finally {
    reply.close();
  }
}

async function* readStream(
  reply: HttpReply,
  reader: ReplyReader,
  graceMs: number,
): AsyncGenerator<BackendEvent> {
  const events: Events = readServerSentEvents(reply.chunks())[Symbol.asyncIterator]();
  for (;;) {
    const next = await nextWithin(events, reader.hasFinished ? graceMs : undefined);
    if (next?.done !== false) return;
    const data = next.value.trim();
    if (data === '[DONE]') {
      reader.markDone();
      await nextWithin(events, drainMs);
      return;
    }
    yield* reader.pushText(data);
    if (reader.hasStopped) return;
  }
}

/** `undefined`: nothing came in time; whoever asks no more closes the reply, which ends the read. */
export async function nextWithin<T>(
  events: AsyncIterator<T, unknown>,
  ms: number | undefined,
): Promise<IteratorResult<T, unknown> | undefined> {
  const next = events.next();
  if (ms === undefined) return next;
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    // After the end of the answer a broken connection is nobody's fault.
    return await Promise.race([next.catch(() => undefined), late]);
  } finally {
    timer.abort();
  }
}

function notAnApi({ headers, status }: HttpReply, body: string): AppError {
  const { cause } = upstreamError({ status, headers, body });
  return new AppError(
    'backend-protocol',
    'A web page came instead of an answer: the URL of the server may be wrong.',
    {
      cause,
    },
  );
}
