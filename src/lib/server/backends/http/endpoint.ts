import { Circuit, type CircuitTiming } from './circuit';
import type { EndpointConfig } from './endpoint-config';
import { plainOf } from './secrets';

/** One server: where it is, what it hears with each request, and how it has behaved. */
export class Endpoint {
  /** For notes: the address without anything that may be a key. */
  readonly name: string;
  readonly weight: number;
  readonly circuit: Circuit;
  /** Until then, in milliseconds of `now`, it asked to be left alone. */
  restsUntil = 0;
  /** The fault that was last noted, and when, in milliseconds of `now`; absent while it answers. */
  told: { fault: string; at: number } | undefined;
  private readonly base: URL;

  constructor(
    private readonly config: EndpointConfig,
    timing: CircuitTiming,
    now: () => number,
  ) {
    this.base = new URL(config.url);
    this.name = `${this.base.origin}${this.base.pathname}`;
    this.weight = config.weight ?? 1;
    this.circuit = new Circuit(timing, now);
  }

  /** The address of `path` below the base; `/../` leads above it. */
  addressOf(path: string): URL {
    const at = path.indexOf('?');
    const [plain, search] = at === -1 ? [path, ''] : [path.slice(0, at), path.slice(at)];
    // Set, not read from a text: a path that begins with two slashes would lead to another host.
    const url = new URL(this.base.origin);
    url.pathname = `${this.base.pathname.replace(/\/+$/u, '')}${plain}`;
    const parameters = new URLSearchParams(this.base.search);
    for (const [name, value] of new URLSearchParams(search)) parameters.set(name, value);
    for (const [name, value] of Object.entries(this.config.query ?? {})) parameters.set(name, value);
    url.search = parameters.toString();
    return url;
  }

  /** With the name that this server has for the model, where it is another. */
  bodyFor(wanted: unknown): unknown {
    const { model } = this.config;
    return model === undefined || typeof wanted !== 'object' ? wanted : { ...wanted, model };
  }

  /** Lower-case names. What the configuration says wins over what a driver wants. */
  headersFor(wanted: Record<string, string>): Record<string, string> {
    const { apiKey, headers = {} } = this.config;
    const { username, password } = this.base;
    const pair = `${plainOf(username)}:${plainOf(password)}`;
    return {
      'user-agent': 'parlance',
      ...lowerCase(wanted),
      ...(username !== '' && { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...lowerCase(headers),
    };
  }
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
