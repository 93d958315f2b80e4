import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../domain/errors';
import { usualCircuitTiming, type CircuitTiming, type TrialOutcome } from './circuit';
import { Endpoint } from './endpoint';
import type { ServerConfig } from './endpoint-config';
import { secretsOf, withoutSecrets } from './secrets';
import type { HttpSettings } from './settings';

export interface EndpointsTiming {
  circuit: CircuitTiming;
  now: () => number;
  random: () => number;
}

export const usualEndpointsTiming: EndpointsTiming = {
  circuit: usualCircuitTiming,
  now: () => performance.now(),
  random: Math.random,
};

/** The servers that hold a model: which of them a request goes to, and what none of them may see in a log. */
export class Endpoints {
  readonly all: readonly Endpoint[];
  private readonly secrets: readonly string[];

  constructor(
    config: ServerConfig,
    settings: HttpSettings,
    private readonly timing: EndpointsTiming,
    /** How long a request waits, in milliseconds, for the outcome of another that tries its only server. */
    private readonly longestTrialMs: number,
  ) {
    const servers = [config, ...(config.endpoints ?? [])];
    this.all = servers.map((server) => new Endpoint(server, timing.circuit, timing.now));
    // One server may repeat what another was sent: they may be one behind a router.
    this.secrets = secretsOf(servers, settings);
  }

  redact(text: string): string {
    return withoutSecrets(text, this.secrets);
  }

  /**
   * Takes one out of `left` for a request, which begins with it; `undefined` when there is none. Where the only ones are
   * being tried by another request, `signal` (absent: nobody waits) ends the wait for what that comes to; rejects then.
   * `near` is taken before all others unless it is known to fail.
   */
  async next(
    left: Set<Endpoint>,
    signal: AbortSignal | undefined,
    near?: Endpoint,
  ): Promise<Endpoint | undefined> {
    const until = this.timing.now() + this.longestTrialMs;
    for (;;) {
      const chosen = this.choose(left, near);
      if (chosen) return begun(chosen, left);
      const tried = this.awake(left).filter(({ circuit }) => circuit.isTried);
      const [first] = tried;
      if (!first || !signal) return undefined;
      // The other request has a connection by now, or it would have failed: the server is slow, and not away.
      if (this.timing.now() >= until) return begun(first, left);
      const outcome = await firstOutcome(tried, until - this.timing.now(), signal);
      if (outcome?.result === 'failed') left.delete(outcome.endpoint);
    }
  }

  /** Why there was none for a request. */
  nobody(): AppError {
    const awakeInMs = Math.min(...this.all.map(({ restsUntil }) => restsUntil)) - this.timing.now();
    if (awakeInMs > 0) {
      const retryAfterSeconds = Math.ceil(awakeInMs / 1000);
      return new AppError('rate-limited', "The model's server asks us to wait a little.", {
        details: { retryAfterSeconds },
      });
    }
    return new AppError('backend-unreachable', "The model's server does not answer at the moment.");
  }

  /** By weight among those that are not known to fail; when there is none, the one that may be tried soonest. */
  private choose(left: ReadonlySet<Endpoint>, near: Endpoint | undefined): Endpoint | undefined {
    const awake = this.awake(left);
    const good = awake.filter(({ circuit }) => circuit.state === 'closed');
    if (near && good.includes(near)) return near;
    const due = awake.filter(({ circuit }) => circuit.state === 'due');
    // A trial costs one request some time; without one, the others would stay alone for good.
    if (due[0] && left.size === this.all.length) return due[0];
    if (good.length > 0) return this.byWeight(good);
    const untried = awake.filter(({ circuit }) => !circuit.isTried);
    return untried.sort((a, b) => a.circuit.dueAt - b.circuit.dueAt)[0];
  }

  private awake(left: ReadonlySet<Endpoint>): Endpoint[] {
    return [...left].filter(({ restsUntil }) => restsUntil <= this.timing.now());
  }

  private byWeight(endpoints: readonly Endpoint[]): Endpoint | undefined {
    let at = this.timing.random() * endpoints.reduce((sum, { weight }) => sum + weight, 0);
    return endpoints.find(({ weight }) => (at -= weight) < 0) ?? endpoints.at(-1);
  }
}

/** At once: whoever chooses next must know that it is tried. */
function begun(endpoint: Endpoint, left: Set<Endpoint>): Endpoint {
  left.delete(endpoint);
  endpoint.circuit.begin();
  return endpoint;
}

/** `undefined` when no trial was over within `ms`. */
async function firstOutcome(
  tried: readonly Endpoint[],
  ms: number,
  signal: AbortSignal,
): Promise<{ endpoint: Endpoint; result: TrialOutcome } | undefined> {
  const timer = new AbortController();
  const outcomes = tried.map(async (endpoint) => ({ endpoint, result: await endpoint.circuit.outcome }));
  const late = sleep(ms, undefined, { signal: AbortSignal.any([signal, timer.signal]) });
  try {
    return await Promise.race([...outcomes, late]);
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
}
