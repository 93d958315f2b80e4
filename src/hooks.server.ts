import { randomUUID } from 'node:crypto';
import { building } from '$app/environment';
import {
  isRedirect,
  type Handle,
  type HandleServerError,
  type RequestEvent,
  type ServerInit,
} from '@sveltejs/kit';
import { AppError, toPublicError } from './lib/domain/errors';
import { resolveOwner } from './lib/server/auth/owner';
import { compressed } from './lib/server/http/compress';
import { errorResponse } from './lib/server/http/errors';
import { securityHeaders } from './lib/server/http/security-headers';
import { current } from './lib/server/lifecycle';
import { startApp } from './lib/server/start-app';

/** Once in a process; under `vite dev` again after a change of the server's code. */
export const init: ServerInit = async () => {
  if (!building) await startApp();
};

/** Gives each request its id, log and owner, and each response its headers and its line in the log. */
export const handle: Handle = async ({ event, resolve }) => {
  const startedAt = performance.now();
  const running = current();
  const requestId = requestIdOf(event.request);
  const log = running.app.log.child({ requestId });
  let status = 500;
  try {
    event.locals.app = running.app;
    event.locals.requestId = requestId;
    event.locals.log = log;
    event.locals.access = running.access;
    event.locals.owner = resolveOwner(event, running.access);
    const response = await resolve(event);
    status = response.status;
    return finished(event, response);
  } catch (thrown) {
    if (isRedirect(thrown)) status = thrown.status;
    if (!(thrown instanceof AppError)) throw thrown;
    const response = errorResponse(thrown, requestId);
    status = response.status;
    return finished(event, response);
  } finally {
    const ms = Math.round(performance.now() - startedAt);
    const isProbe = event.route.id === '/healthz' || event.route.id === '/readyz';
    // Neither address nor query: they hold ids and what people look for.
    log[isProbe ? 'debug' : 'info'](
      { method: event.request.method, route: event.route.id, status, ms },
      'request',
    );
  }
};

/** What a page shows of a fault that nobody expected; the log has the rest under the same id. */
export const handleError: HandleServerError = ({ error, event, status, message }) => {
  const { requestId, log } = event.locals;
  if (status === 404) return { message: 'There is nothing here.', code: 'not-found', requestId };
  if (status < 500) return { message, code: 'invalid-input', requestId };
  log.error({ err: error, route: event.route.id }, 'page failed');
  const { code, message: words } = toPublicError(error);
  return { message: words, code, requestId };
};

/** One that a listed proxy gave (`main.ts` drops all others), if it is harmless in a log; otherwise our own. */
function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id');
  return given !== null && /^[\w.-]{8,64}$/u.test(given) ? given : randomUUID();
}

function finished({ request, locals }: RequestEvent, response: Response): Response {
  const result = compressed(request, response);
  for (const [name, value] of Object.entries(securityHeaders)) result.headers.set(name, value);
  result.headers.set('x-request-id', locals.requestId);
  // What people wrote is kept by no cache, on the way or on a shared computer.
  if (!result.headers.has('cache-control')) result.headers.set('cache-control', 'no-store');
  return result;
}
