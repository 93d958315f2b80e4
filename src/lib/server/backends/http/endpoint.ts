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
    this.secrets = secretsOf([config]);
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

  /** `text` without keys: those of the configuration, however they got there. */
  redact(text: string): string {
    return withoutSecrets(text, this.secrets);
  }
}

type Secretive = Pick<EndpointConfig, 'apiKey' | 'headers' | 'query'> & { url?: string | undefined };

/** Every value that an operator put there may be a key, and the longest is replaced first: one may hold another. */
export function secretsOf(servers: readonly Secretive[]): string[] {
  const values = servers.flatMap(({ url, apiKey, headers = {}, query = {} }) => {
    const base = url === undefined ? undefined : new URL(url);
    const password = base?.password ?? '';
    return [
      ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/u)]),
      ...Object.values(query),
      ...(base?.searchParams.values() ?? []),
      plainOf(password),
      password,
      apiKey ?? '',
    ];
  });
  const written = values.flatMap((value) => [value, encodeURIComponent(value)]);
  return [...new Set(written)].filter(({ length }) => length >= 6).sort((a, b) => b.length - a.length);
}

/** `text` with another word for each of these. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '[key]'), text);
}

/** What was written for it; a `%` that begins no code stands for itself. */
function plainOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
