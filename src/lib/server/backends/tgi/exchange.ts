import { readServerSentEvents } from '../http/sse';
import { isAbsent, type HttpReply, type Transport } from '../http/transport';
import type { UpstreamReply } from '../http/upstream-error';
import { streamedEvents, wholeEvents } from './events';
import { faultIn } from './fault';
import type { TgiParameters } from './request';
import type { TgiEvent } from './wire';

/** Longest answer that comes whole: with the probabilities of a long prompt it is large. */
const longestAnswer = 64 * 1024 * 1024;
/** Small questions are answered at once, or not at all. */
const shortMs = 10_000;

export interface TgiQuestion {
  inputs: string;
  parameters: TgiParameters;
  streams: boolean;
  signal: AbortSignal;
}

/** What is said to a server and comes back, whichever of its routes are there. */
export class TgiExchange {
  /** Some gateways let only `POST /` through, which takes and gives the same with `stream` in its body. */
  private onlyRoot = false;

  constructor(private readonly transport: Transport) {}

  /** Throws `TgiFault` for whatever the server says instead of an answer. */
  async *ask(question: TgiQuestion): AsyncGenerator<TgiEvent> {
    const reply = await this.send(question);
    try {
      const isStream = reply.status === 200 && isOf(reply, 'text/event-stream');
      yield* isStream ? streamedEvents(readServerSentEvents(reply.chunks())) : await this.whole(reply);
    } finally {
      reply.close();
    }
  }

  /** Status and body of a small question. */
  async get(path: string, signal: AbortSignal): Promise<UpstreamReply> {
    const reply = await this.transport.send({ method: 'GET', path, signal, firstByteTimeoutMs: shortMs });
    const { status, headers } = reply;
    return { status, headers, body: await reply.text() };
  }

  /** `/tokenize` and `/chat_tokenize`. */
  async count(path: string, body: object, signal: AbortSignal): Promise<UpstreamReply> {
    const reply = await this.transport.send({
      method: 'POST',
      path,
      body,
      signal,
      firstByteTimeoutMs: shortMs,
    });
    const { status, headers } = reply;
    return { status, headers, body: await reply.text(longestAnswer) };
  }

  private async send({ inputs, parameters, streams, signal }: TgiQuestion): Promise<HttpReply> {
    const post = (path: string, body: object) => this.transport.send({ method: 'POST', path, body, signal });
    const root = () => post('/', { inputs, parameters, stream: streams });
    if (this.onlyRoot) return root();
    const reply = await post(streams ? '/generate_stream' : '/generate', { inputs, parameters });
    if (!isAbsent(reply)) return reply;
    reply.close();
    const atRoot = await root();
    this.onlyRoot = atRoot.status < 400;
    return atRoot;
  }

  private async whole(reply: HttpReply): Promise<TgiEvent[]> {
    const body = await reply.text(longestAnswer);
    const fault = faultIn({ status: reply.status, headers: reply.headers, body });
    if (fault) throw fault;
    const promptTokens = Number(reply.headers['x-prompt-tokens']);
    return wholeEvents(body, Number.isInteger(promptTokens) ? promptTokens : undefined);
  }
}

function isOf({ headers }: HttpReply, type: string): boolean {
  return headers['content-type']?.startsWith(type) ?? false;
}
