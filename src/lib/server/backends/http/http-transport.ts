import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import type { BackendContext, Note } from '../backend';
import { createAgent } from './agent';
import { askEndpoint, type AskLimits } from './ask-endpoint';
import { usualCircuitTiming, type CircuitTiming } from './circuit';
import { connectionFault, faultCode, isBrokenSocket } from './connection-fault';
import { Endpoint } from './endpoint';
import type { ServerConfig } from './endpoint-config';
import { retryAfterSeconds } from './retry-after';
import { defaultHttpSettings, type HttpSettings } from './settings';
import type { HttpReply, HttpRequest, Transport } from './transport';

export interface TransportTiming {
  circuit: CircuitTiming;
  /** Longest `Retry-After`, in milliseconds, that is waited for while a person waits. */
  longestWaitMs: number;
  /** Longest `Retry-After`, in milliseconds, for which an endpoint is left alone. */
  longestRestMs: number;
  now: () => number;
  random: () => number;
}

const usualTiming: TransportTiming = {
  circuit: usualCircuitTiming,
  longestWaitMs: 3000,
  longestRestMs: 300_000,
  now: () => performance.now(),
  random: Math.random,
};

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
  private readonly endpoints: Endpoint[];

  constructor(
    config: ServerConfig,
    settings: HttpSettings,
    private readonly note: Note,
    private readonly timing: TransportTiming,
  ) {
    this.endpoints = [config, ...(config.endpoints ?? [])].map(
      (endpoint) => new Endpoint(endpoint, timing.circuit, timing.now),
    );
    this.limits = {
      dispatcher: createAgent(settings, config.connectTimeoutMs ?? settings.connectTimeoutMs),
      firstByteMs: config.firstByteTimeoutMs ?? settings.firstByteTimeoutMs,
      idleMs: config.idleTimeoutMs ?? settings.idleTimeoutMs,
    };
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    const left = new Set(this.endpoints);
    /** Of an endpoint that was busy: handed out when no other does better. */
    let spare: HttpReply | undefined;
    let fault: unknown;
    for (let endpoint = this.choose(left); endpoint; endpoint = this.choose(left)) {
      left.delete(endpoint);
      try {
        const reply = await this.try(endpoint, request, left.size === 0 && !spare);
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
    throw fault ?? this.nobody();
  }

  close(): Promise<void> {
    return this.limits.dispatcher.destroy();
  }

  /** By weight among those that are not known to fail; when there is none, the one that may be tried soonest. */
  private choose(left: ReadonlySet<Endpoint>): Endpoint | undefined {
    const awake = [...left].filter(({ restsUntil }) => restsUntil <= this.timing.now());
    const good = awake.filter(({ circuit }) => circuit.state === 'closed');
    const due = awake.filter(({ circuit }) => circuit.state === 'due');
    // A trial costs one request some time; without one, the others would stay alone for good.
    if (due[0] && left.size === this.endpoints.length) return due[0];
    if (good.length > 0) return this.byWeight(good);
    const untried = awake.filter(({ circuit }) => !circuit.isTried);
    return untried.sort((a, b) => a.circuit.dueAt - b.circuit.dueAt)[0];
  }

  private byWeight(endpoints: readonly Endpoint[]): Endpoint | undefined {
    let at = this.timing.random() * endpoints.reduce((sum, { weight }) => sum + weight, 0);
    return endpoints.find(({ weight }) => (at -= weight) < 0) ?? endpoints.at(-1);
  }

  /** One endpoint, and once more where that helps: after a short `Retry-After`, and when a kept connection was closed. */
  private async try(endpoint: Endpoint, request: HttpRequest, isLast: boolean): Promise<HttpReply> {
    for (let isFirst = true; ; isFirst = false) {
      let reply: HttpReply;
      try {
        reply = await askEndpoint(endpoint, request, this.limits);
      } catch (thrown) {
        request.signal.throwIfAborted();
        if (isFirst && isBrokenSocket(thrown)) continue;
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
    if (busyStatuses.has(status) && status !== 429) this.countFailure(endpoint, `status ${String(status)}`);
    else {
      if (endpoint.circuit.state !== 'closed')
        this.note('a model server answers again', { endpoint: endpoint.name });
      endpoint.circuit.succeed();
    }
  }

  private failed(endpoint: Endpoint, thrown: unknown): AppError {
    if (faultCode(thrown) === 'UND_ERR_INVALID_ARG') {
      return new AppError('config-invalid', "The headers for the model's server cannot be sent.", {
        cause: endpoint.redact(String(thrown)),
      });
    }
    this.countFailure(endpoint, faultCode(thrown));
    return connectionFault(thrown, (text) => endpoint.redact(text));
  }

  private countFailure(endpoint: Endpoint, fault: string): void {
    const hasOpened = endpoint.circuit.fail();
    this.note(hasOpened ? 'a model server is passed over for a while' : 'a model server does not answer', {
      endpoint: endpoint.name,
      fault,
    });
  }

  private nobody(): AppError {
    const awakeInMs = Math.min(...this.endpoints.map(({ restsUntil }) => restsUntil)) - this.timing.now();
    if (awakeInMs > 0) {
      const retryAfterSeconds = Math.ceil(awakeInMs / 1000);
      return new AppError('rate-limited', "The model's server asks us to wait a little.", {
        details: { retryAfterSeconds },
      });
    }
    return new AppError('backend-unreachable', "The model's server does not answer at the moment.");
  }
}
