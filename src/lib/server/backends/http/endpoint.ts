import { Circuit, type CircuitTiming } from './circuit';
import type { EndpointConfig } from './endpoint-config';

/** One server: where it is, what it hears with each request, and how it has behaved. */
export class Endpoint {
  /** For notes: the address without anything that may be a key. */
  readonly name: string;
  readonly weight: number;
  readonly circuit: Circuit;
  /** Until then, in milliseconds of `now`, it asked to be left alone. */
  restsUntil = 0;
  private readonly base: URL;
  private readonly secrets: string[];

  constructor(
    private readonly config: EndpointConfig,
    timing: CircuitTiming,
    now: () => number,
  ) {
    this.base = new URL(config.url);
    this.name = `${this.base.origin}${this.base.pathname}`;
    this.weight = config.weight ?? 1;
    this.circuit = new Circuit(timing, now);
    this.secrets = secretsOf(config, this.base);
  }

  /** The address of `path` below the base; `/../` leads above it. */
  addressOf(path: string): URL {
    const at = path.indexOf('?');
    const [plain, search] = at === -1 ? [path, ''] : [path.slice(0, at), path.slice(at)];
    const url = new URL(`${this.base.pathname.replace(/\/+$/u, '')}${plain}`, this.base.origin);
    const parameters = new URLSearchParams(this.base.search);
    for (const [name, value] of new URLSearchParams(search)) parameters.set(name, value);
    for (const [name, value] of Object.entries(this.config.query ?? {})) parameters.set(name, value);
    url.search = parameters.toString();
    return url;
  }

  /** Lower-case names. What the configuration says wins over what a driver wants. */
  headersFor(wanted: Record<string, string>): Record<string, string> {
    const { apiKey, headers = {} } = this.config;
    const { username, password } = this.base;
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      'user-agent': 'parlance',
      ...lowerCase(wanted),
      ...(username !== '' && { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...lowerCase(headers),
    };
  }

  /** `text` without keys: those of the configuration, however they got there. */
  redact(text: string): string {
    return this.secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '[key]'), text);
  }
}

/** Every value that an operator put there may be a key, and the longest is replaced first: one may hold another. */
function secretsOf({ apiKey, headers = {}, query = {} }: EndpointConfig, base: URL): string[] {
  const values = [
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/u)]),
    ...Object.values(query),
    ...new URLSearchParams(base.search).values(),
    decodeURIComponent(base.password),
    base.password,
    apiKey ?? '',
  ];
  const written = values.flatMap((value) => [value, encodeURIComponent(value)]);
  return [...new Set(written)].filter(({ length }) => length >= 6).sort((a, b) => b.length - a.length);
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
