import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../domain/errors';
import type { Env } from '../config/env';
import { isLoopbackName, proxyMatcher } from './addresses';

/** What the rules look at. */
export interface RawRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** Of the socket. */
  remoteAddress: string;
  isEncrypted: boolean;
}

/** Where a request really came to and from. */
export interface Origins {
  protocol: 'http' | 'https';
  host: string;
  /** Of the client. */
  address: string;
  /** Its own `x-request-id` may be taken. */
  isFromProxy: boolean;
}

type RulesEnv = Pick<Env, 'host' | 'allowedOrigins' | 'trustedProxies'>;

/**
 * The rules that every request meets before anything else sees it. The returned function throws `invalid-input` (no
 * usable host) or `forbidden` with a sentence for whoever reads it.
 */
export function requestRules({ host: listensOn, allowedOrigins, trustedProxies }: RulesEnv) {
  const isProxy = proxyMatcher(trustedProxies);
  const origins = new Set(allowedOrigins);
  const allowedHosts = new Set(allowedOrigins.map((origin) => new URL(origin).host));
  const isLocal = isLoopbackName(listensOn);

  return (request: RawRequest): Origins => {
    const known = originsOf(request, isProxy);
    // A name of another site that was made to point here (DNS rebinding) must not read what is private.
    if (isLocal && !isLoopbackName(withoutPort(known.host)) && !allowedHosts.has(known.host)) {
      throw new AppError(
        'forbidden',
        'This server listens on this machine only: open it as localhost, or list the address in ALLOWED_ORIGINS.',
      );
    }
    if (/^(?:GET|HEAD|OPTIONS)$/u.test(request.method)) return known;
    const { origin } = request.headers;
    if (origin === undefined || (origin !== `${known.protocol}://${known.host}` && !origins.has(origin))) {
      throw new AppError(
        'forbidden',
        'Changes are taken from pages of this server only: the Origin header must name it, or an origin in ALLOWED_ORIGINS.',
      );
    }
    return known;
  };
}

/** A name or an address, with a port or without; nothing that could end the host part of an address. */
const hostPattern = /^(?:[a-z\d](?:[\w.-]*[a-z\d])?\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/iu;

function originsOf(
  { headers, remoteAddress, isEncrypted }: RawRequest,
  isProxy: (a: string) => boolean,
): Origins {
  const isFromProxy = isProxy(remoteAddress);
  const forwarded = (name: string) => (isFromProxy ? lastItems(headers[name]) : []);
  const host = (forwarded('x-forwarded-host').at(-1) ?? headers.host ?? '').toLowerCase();
  if (!hostPattern.test(host)) throw new AppError('invalid-input', 'The Host header is missing or wrong.');
  const protocol = forwarded('x-forwarded-proto').at(-1) ?? (isEncrypted ? 'https' : 'http');
  const isHttps = protocol.toLowerCase() === 'https';
  const scheme = isHttps ? 'https' : 'http';
  // Nearest first; whoever is not a proxy of ours is the client, and what it claims about others is not believed.
  const hops = [remoteAddress, ...forwarded('x-forwarded-for').reverse()];
  const address = hops.find((hop) => !isProxy(hop)) ?? hops.at(-1) ?? remoteAddress;
  return { protocol: scheme, host: withoutDefaultPort(host, isHttps), address, isFromProxy };
}

function lastItems(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/u, '').replace(/\.$/u, '');
}

/** As an `Origin` header writes it. */
function withoutDefaultPort(host: string, isHttps: boolean): string {
  return host.replace(isHttps ? /:443$/u : /:80$/u, '');
}
