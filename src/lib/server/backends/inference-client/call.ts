import type { BackendEvent, GenerateRequest } from '../backend';
import { nextWithin } from '../openai/read-reply';
import { readerFor } from '../openai/reader-for';
import type { ReplyReader } from '../openai/reply-reader';
import type { WireRequest } from '../openai/request';
import { clientOptions, streamFrom } from './client-calls';
import type { InferenceClientConfig } from './config';
import type { Library } from './library';
import { ownFetch, type Exchange } from './own-fetch';
import type { Ways } from './ways';

export type { ExchangeTiming } from '../openai/exchange';

/** What a request is made with. */
export interface Around {
  config: InferenceClientConfig;
  ways: Ways;
  graceMs: number;
  library: Library;
}

/** Asks once and reads the answer. Returns the refusal when there was one; any other fault is thrown. */
export async function* answerOnce(
  request: GenerateRequest,
  wire: WireRequest,
  { config, ways, graceMs, library }: Around,
) {
  const reader = readerFor(wire, request);
  const call = new Call(request.signal, reader);
  try {
    const stream = streamFrom(library, config, wire, call.options(config, ways));
    yield* readEvents(stream[Symbol.asyncIterator](), reader, graceMs);
    return undefined;
  } catch (thrown) {
    if (!call.refused) throw thrown;
    return { thrown, reply: call.refused };
  } finally {
    call.end();
  }
}

/** One call of the client. It leaves the server writing when its reader goes, so whoever ends a call aborts it. */
export class Call implements Exchange {
  readonly signal: AbortSignal;
  refused?: NonNullable<Exchange['refused']>;
  close?: () => void;
  private readonly controller = new AbortController();

  constructor(
    outer: AbortSignal,
    private readonly reader?: ReplyReader,
  ) {
    this.signal = AbortSignal.any([outer, this.controller.signal]);
  }

  readonly onDone = (): void => this.reader?.markDone();
  readonly hasFinished = (): boolean => this.reader?.hasFinished === true;

  /** How the client is called: whatever it asks goes over `ways`. */
  options(config: InferenceClientConfig, ways: Ways) {
    return clientOptions(config, { fetch: ownFetch(ways, this), signal: this.signal });
  }

  end(): void {
    this.controller.abort();
    this.close?.();
  }
}

/** The events of a stream of objects. One that stays open after its end is left. */
async function* readEvents(
  events: AsyncIterator<unknown, unknown>,
  reader: ReplyReader,
  graceMs: number,
): AsyncGenerator<BackendEvent> {
  for (;;) {
    const next = await nextWithin(events, reader.hasFinished ? graceMs : undefined);
    if (next?.done !== false) break;
    yield* reader.push(next.value);
    if (reader.hasStopped) break;
  }
  yield* reader.end();
  if (reader.fault) throw reader.fault;
}
