import { AppError } from '../../../domain/errors';
import type { HttpReply } from '../http/transport';
import { payloadError, upstreamError, type UpstreamReply } from '../http/upstream-error';
import { readFault } from '../http/upstream-fault';
import { canonicalEvents, withoutFault, type CanonicalOptions } from './canonical-events';
import { hub, type Ways } from './ways';

const longestWhole = 64 * 1024 * 1024;

/** One request of the client, as it went. */
export interface Exchange extends CanonicalOptions {
  signal: AbortSignal;
  /** What was said when the server refused. */
  refused?: UpstreamReply;
  /** Lets go of the connection, if there is one. */
  close?: () => void;
}

/**
 * What the client uses for `fetch`: every request goes over the shared transport, with its limits and certificates, and
 * none elsewhere. A refusal is thrown in our words, before the client makes its own of it.
 */
export function ownFetch(ways: Ways, exchange: Exchange): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { transport, path, hasOwnKey } = ways.to(url);
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const reply = await transport.send({
      method: init.method === 'POST' ? 'POST' : 'GET',
      path,
      ...(body !== undefined && { body }),
      headers: headersFor(init.headers, hasOwnKey),
      signal: exchange.signal,
    });
    exchange.close = () => reply.close();
    if (reply.status < 200 || reply.status > 299) throw await refusal(reply, url, exchange);
    if (url.origin === hub && !hasOwnKey) return wholeResponse(providersIn(await reply.text()));
    const isStream = (body as { stream?: unknown } | undefined)?.stream === true;
    if (isStream) return streamResponse(reply, exchange);
    const whole = withoutFault(await jsonIn(reply));
    // One text in, one object out, says many a server; the client wants a list.
    return wholeResponse(Array.isArray(whole) ? whole : [whole]);
  };
}

/** Ours stands for that of the client, which names the version of Node. */
function headersFor(given: HeadersInit | undefined, hasOwnKey: boolean): Record<string, string> {
  const headers = new Headers(given);
  headers.delete('user-agent');
  if (hasOwnKey) headers.delete('authorization');
  headers.set('accept', 'text/event-stream, application/json');
  return Object.fromEntries(headers);
}

async function refusal(reply: HttpReply, url: URL, exchange: Exchange): Promise<AppError> {
  const { status, headers } = reply;
  const refused = { status, headers, body: await reply.text().catch(() => '') };
  exchange.refused = refused;
  const error = upstreamError(refused);
  const isLookUp = url.origin === hub && [401, 403, 404].includes(status);
  return isLookUp
    ? new AppError(
        'model-unavailable',
        'Hugging Face does not know this model, or the token may not see it.',
        {
          retryable: false,
          cause: error.cause,
        },
      )
    : error;
}

/** What the Hub says of a model. Without a provider in it the client would stumble over what it has read. */
function providersIn(text: string): object {
  const said = readFault(text).fields;
  const { inferenceProviderMapping: providers } = said;
  if (typeof providers === 'object' && providers !== null && Object.keys(providers).length > 0) return said;
  throw new AppError('model-unavailable', 'No provider of Hugging Face offers this model at the moment.', {
    retryable: false,
  });
}

async function streamResponse(reply: HttpReply, exchange: Exchange): Promise<Response> {
  const type = reply.headers['content-type'] ?? '';
  if (/\bhtml\b/iu.test(type)) throw notAnApi(reply, await reply.text());
  const chunks = /\bjson\b/iu.test(type) && !/ndjson/iu.test(type) ? wholeAsEvent(reply) : reply.chunks();
  const events = canonicalEvents(chunks, exchange);
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await events.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
    },
    // Nothing is read before the client wants it: a slow reader is the server's to see.
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** Of a server that does not stream: its reply as one event. */
async function* wholeAsEvent(reply: HttpReply): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`data: ${JSON.stringify(await jsonIn(reply))}\n\ndata: [DONE]\n\n`);
}

async function jsonIn(reply: HttpReply): Promise<unknown> {
  const text = await reply.text(longestWhole);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notAnApi(reply, text);
  }
}

function wholeResponse(value: object): Response {
  return Response.json(value);
}

function notAnApi({ headers, status }: HttpReply, body: string): AppError {
  const { cause } = payloadError(body) ?? upstreamError({ status, headers, body });
  const message = 'What came is no answer of a model: the URL of the server may be wrong.';
  return new AppError('backend-protocol', message, { cause });
}
