import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { toPublicError } from '../../domain/errors';
import type { Env } from '../config/env';
import { statusOf } from './errors';
import { writeInternalHeaders } from './internal-headers';
import { requestRules } from './request-rules';
import { securityHeaders } from './security-headers';

/** Adapter-node's: it answers, or calls `next`. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => unknown;

export interface ServerOptions {
  handler: Handler;
  env: Pick<Env, 'host' | 'allowedOrigins' | 'trustedProxies'>;
  log: Logger;
  /** Shorter in tests. */
  timeouts?: { headersMs: number; requestMs: number; checkEveryMs: number };
}

/** Streams of answers may last; everything that a client sends may not. */
const usualTimeouts = { headersMs: 15_000, requestMs: 30_000, checkEveryMs: 5_000 };

/** The HTTP server around `handler`: limits, the rules about `Host`, `Origin` and proxies, headers for safety. */
export function createHttpServer({ handler, env, log, timeouts = usualTimeouts }: ServerOptions): Server {
  const check = requestRules(env);
  return createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
      // Longer than the minute that load balancers keep connections, so that they never meet a closed one.
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      try {
        writeInternalHeaders(request.headers, check(rawRequestOf(request)));
        Promise.resolve(handler(request, response, () => refuse(request, response, 404))).catch(
          (thrown: unknown) => fail(log, request, response, thrown),
        );
      } catch (thrown) {
        fail(log, request, response, thrown);
      }
    },
  );
}

function rawRequestOf({ method = '', headers, socket }: IncomingMessage) {
  return {
    method,
    headers,
    remoteAddress: socket.remoteAddress ?? '',
    isEncrypted: 'encrypted' in socket && socket.encrypted === true,
  };
}

function fail(log: Logger, request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
  const status = statusOf(thrown);
  if (status >= 500) log.error({ err: thrown, method: request.method }, 'request failed');
  else log.warn({ err: String(thrown), method: request.method }, 'request refused');
  if (response.headersSent) response.destroy();
  else refuse(request, response, status, thrown);
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, thrown?: unknown): void {
  const error =
    thrown === undefined
      ? { code: 'not-found', message: 'There is nothing here.', retryable: false }
      : toPublicError(thrown);
  // The body was not read: the connection cannot be used again.
  if (request.headers['content-length'] !== '0') response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
