import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import type { BackendEvent, GenerateRequest } from '../backend';
import type { HttpReply, Transport } from '../http/transport';
import { upstreamError, type UpstreamReply } from '../http/upstream-error';
import type { OpenaiConfig } from './config';
import { dialects } from './dialect';
import { readReply, usualGraceMs } from './read-reply';
import { learnFrom, mostRewordings, nothingLearned, roomFor, type Learned } from './refusal';
import { readerFor } from './reader-for';
import { wireRequest, type WireRequest } from './request';
import { isLoading, type ServerCheck } from './server-check';

export interface ExchangeTiming {
  /** After the end of the answer, until a connection that stays open is closed. */
  graceMs: number;
  /** Between two questions whether a server has loaded its model. */
  pauseMs: number;
  /** How long loading may take. */
  loadingMs: number;
}

export const usualTiming: ExchangeTiming = { graceMs: usualGraceMs, pauseMs: 1000, loadingMs: 300_000 };

const busyCodes: ReadonlySet<string> = new Set(['backend-unreachable', 'rate-limited']);

/**
 * Makes the function that carries out one request: asks until the server has loaded its model, says it in another way
 * where the server refuses how it was said (and remembers that), and reads the answer.
 */
export function openaiExchange(
  config: OpenaiConfig,
  transport: Transport,
  check: ServerCheck,
  timing: ExchangeTiming,
): (request: GenerateRequest) => AsyncGenerator<BackendEvent> {
  let learned: Learned = nothingLearned;

  async function send(wire: WireRequest, signal: AbortSignal): Promise<HttpReply | UpstreamReply> {
    const reply = await transport.send({
      method: 'POST',
      path: wire.path,
      body: wire.body,
      headers: { accept: 'text/event-stream, application/json' },
      signal,
    });
    if (reply.status >= 200 && reply.status < 300) return reply;
    const { status, headers } = reply;
    const refused = { status, headers, body: await reply.text().catch(() => '') };
    const error = upstreamError(refused);
    if (isLoading(error)) throw error;
    return refused;
  }

  return async function* exchange(request) {
    const { signal } = request;
    const told = new Set<string>();
    let current = request;
    let asksWhole = false;
    const { flavour, model, hasGuidedFields } = yield* untilLoaded(() => check.ready(), signal, timing);
    const [dialect, extra] = [dialects[flavour], config.body ?? {}];
    for (let attempt = 0; ; attempt += 1) {
      const wire = await wireRequest(current, { dialect, learned, model, hasGuidedFields, extra });
      for (const { code, text } of wire.warnings) {
        if (!told.has(text)) yield { type: 'warning', code, text };
        told.add(text);
      }
      if (signal.aborted) return;
      const sent = () => send(asksWhole ? asWhole(wire) : wire, signal);
      const reply = yield* untilLoaded(sent, signal, timing);
      const reader = readerFor(wire, request, { ...config.reasoning, writesOne: dialect.writesOne });
      const isStream = 'chunks' in reply;
      const error = isStream
        ? yield* refusalIn(readReply(reply, reader, timing.graceMs))
        : upstreamError(reply);
      if (!error) return;
      // Some end a stream where others refuse: what is wrong they say only to whoever wants the answer whole.
      const isSilent: boolean = error === reader.fault && reader.isEmpty && !asksWhole;
      asksWhole = isSilent;
      if (isSilent) continue;
      const next = isStream
        ? undefined
        : learnFrom({ status: reply.status, text: reply.body, ...wire }, learned);
      const room = roomFor(error);
      if (attempt >= mostRewordings || (!next && (room === undefined || current !== request))) throw error;
      learned = next ?? learned;
      if (!next && room !== undefined)
        current = { ...current, parameters: { ...current.parameters, max_new_tokens: room } };
    }
  };
}

function asWhole(wire: WireRequest): WireRequest {
  const { stream_options: _, ...body } = wire.body;
  return { ...wire, body: { ...body, stream: false } };
}

/** Tells the events. Returns the fault that came in place of all of them: TGI refuses in streams of status 200. */
async function* refusalIn(
  events: AsyncIterable<BackendEvent>,
): AsyncGenerator<BackendEvent, AppError | undefined> {
  let hasBegun = false;
  try {
    for await (const event of events) {
      hasBegun = true;
      yield event;
    }
    return undefined;
  } catch (thrown) {
    if (hasBegun || !(thrown instanceof AppError)) throw thrown;
    return thrown;
  }
}

/** Does `work` again while the server says that it is still loading, for as long as that may take. */
async function* untilLoaded<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  { pauseMs, loadingMs }: ExchangeTiming,
): AsyncGenerator<BackendEvent, T> {
  const from = performance.now();
  let hasSeen = false;
  for (;;) {
    try {
      return await orAborted(work, signal);
    } catch (thrown) {
      // Once it was there, another request that asks at the same moment is no reason to give up.
      const isBusy = hasSeen && thrown instanceof AppError && busyCodes.has(thrown.code);
      if ((!isLoading(thrown) && !isBusy) || performance.now() - from > loadingMs) throw thrown;
      if (!hasSeen) yield { type: 'progress', label: 'loading', fraction: 0 };
      hasSeen = true;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/** Rejects as soon as the signal aborts: what others wait for too goes on. */
async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = withRejector();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function withRejector(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => (reject = refuse));
  return { promise, reject };
}
