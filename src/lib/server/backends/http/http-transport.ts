import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import type { BackendContext, Note } from '../backend';
import { createAgent } from './agent';
import { askEndpoint, type AskLimits } from './ask-endpoint';
import { connectionFault, faultCode, isBrokenSocket } from './connection-fault';
import type { Endpoint } from './endpoint';
import { Endpoints, usualEndpointsTiming, type EndpointsTiming } from './endpoints';
import type { ServerConfig } from './endpoint-config';
import { retryAfterSeconds } from './retry-after';
import { defaultHttpSettings, type HttpSettings } from './settings';
import type { HttpReply, HttpRequest, Transport } from './transport';

export interface TransportTiming extends EndpointsTiming {
  /** Longest `Retry-After`, in milliseconds, that is waited for while a person waits. */
  longestWaitMs: number;
  /** Longest `Retry-After`, in milliseconds, for which an endpoint is left alone. */
  longestRestMs: number;
  /**
   * Milliseconds within which a connection that was closed while it was kept says so. One that breaks later had brought
   * the request to a server, which may have worked on it all the time.
   */
  keptSocketMs: number;
}

const usualTiming: TransportTiming = {
  ...usualEndpointsTiming,
  longestWaitMs: 3000,
  longestRestMs: 300_000,
  keptSocketMs: 2000,
};

/** How often the same fault of a server is noted, in milliseconds. */
const tellEveryMs = 10_000;

/** A server that is up and cannot answer now; another one may. */
const busyStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504, 529]);

/** Makes the way to one server, or to several that hold the same model. No I/O happens before the first `send`. */
export function createTransport(
  config: ServerConfig,
  { http = defaultHttpSettings, note = () => undefined }: Partial<BackendContext> = {},
  timing: Partial<TransportTiming> = {},
): Transport {
  return new HttpTransport(config, http, note, { ...usualTiming, ...timing });
}

class HttpTransport implements Transport {
  private readonly limits: AskLimits;
  private readonly endpoints: Endpoints;
  private readonly origins = new WeakMap<HttpReply, Endpoint>();

  constructor(
    config: ServerConfig,
    settings: HttpSettings,
    private readonly note: Note,
    private readonly timing: TransportTiming,
  ) {
    const connectTimeoutMs = config.connectTimeoutMs ?? settings.connectTimeoutMs;
    this.endpoints = new Endpoints(config, settings, timing, connectTimeoutMs);
    this.limits = {
      dispatcher: createAgent(settings, connectTimeoutMs),
      firstByteMs: config.firstByteTimeoutMs ?? settings.firstByteTimeoutMs,
      idleMs: config.idleTimeoutMs ?? settings.idleTimeoutMs,
      redact: (text) => this.redact(text),
    };
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    const left = new Set(this.endpoints.all);
    const near = request.near && this.origins.get(request.near);
    /** Of an endpoint that was busy: handed out when no other does better. */
    let spare: HttpReply | undefined;
    let fault: unknown;
    for (;;) {
      try {
        const endpoint = await this.endpoints.next(left, spare ? undefined : request.signal, near);
        if (!endpoint) break;
        const reply = await this.try(endpoint, request, left.size === 0 && !spare);
        this.origins.set(reply, endpoint);
        spare?.close();
        if (!busyStatuses.has(reply.status)) return reply;
        spare = reply;
      } catch (thrown) {
        if (
          request.signal.aborted ||
          !(thrown instanceof AppError) ||
          thrown.code !== 'backend-unreachable'
        ) {
          spare?.close();
          throw thrown;
        }
        fault = thrown;
      }
    }
    if (spare) return spare;
    throw fault ?? this.endpoints.nobody();
  }

  redact(text: string): string {
    return this.endpoints.redact(text);
  }

  close(): Promise<void> {
    return this.limits.dispatcher.destroy();
  }

  /** One endpoint, and once more where that helps: after a short `Retry-After`, and when a kept connection was closed. */
  private async try(endpoint: Endpoint, request: HttpRequest, isLast: boolean): Promise<HttpReply> {
    for (let isFirst = true; ; isFirst = false) {
      let reply: HttpReply;
      const startedAt = this.timing.now();
      try {
        request.signal.throwIfAborted();
        endpoint.circuit.begin();
        reply = await askEndpoint(endpoint, request, this.limits);
      } catch (thrown) {
        if (request.signal.aborted) endpoint.circuit.abandon();
        request.signal.throwIfAborted();
        const brokeAtOnce =
          isBrokenSocket(thrown) && this.timing.now() - startedAt < this.timing.keptSocketMs;
        if (isFirst && brokeAtOnce) continue;
        throw this.failed(endpoint, thrown);
      }
      this.answered(endpoint, reply.status);
      const seconds = busyStatuses.has(reply.status) ? retryAfterSeconds(reply.headers) : undefined;
      if (seconds === undefined) return reply;
      if (!isFirst || !isLast || seconds * 1000 > this.timing.longestWaitMs) {
        endpoint.restsUntil = this.timing.now() + Math.min(seconds * 1000, this.timing.longestRestMs);
        return reply;
      }
      reply.close();
      await sleep(seconds * 1000, undefined, { signal: request.signal });
    }
  }

  private answered(endpoint: Endpoint, status: number): void {
    // A busy server that is too busy for anybody counts as one that fails; one that limits us does not.
    if (busyStatuses.has(status) && status !== 429)
      this.countFailure(endpoint, `status ${String(status)}`, 'busy');
    else {
      if (endpoint.circuit.state !== 'closed')
        this.note('a model server answers again', { endpoint: endpoint.name });
      endpoint.told = undefined;
      endpoint.circuit.succeed();
    }
  }

  private failed(endpoint: Endpoint, thrown: unknown): AppError {
    if (faultCode(thrown) === 'UND_ERR_INVALID_ARG') {
      endpoint.circuit.abandon();
      return new AppError('config-invalid', "The headers for the model's server cannot be sent.", {
        cause: this.redact(String(thrown)),
      });
    }
    this.countFailure(endpoint, faultCode(thrown));
    return connectionFault(thrown, (text) => this.redact(text));
  }

  private countFailure(endpoint: Endpoint, fault: string, outcome: 'busy' | 'failed' = 'failed'): void {
    const hasOpened = endpoint.circuit.fail(outcome);
    const message = hasOpened
      ? 'a model server is passed over for a while'
      : 'a model server does not answer';
    const now = this.timing.now();
    const { told } = endpoint;
    // Whoever waits for a server that loads asks it each second, and its log is to be read.
    const isOld = told?.fault !== fault || now - told.at >= tellEveryMs;
    if (!hasOpened && !isOld) return;
    endpoint.told = { fault, at: now };
    this.note(message, { endpoint: endpoint.name, fault });
  }
}
