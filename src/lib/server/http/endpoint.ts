import { json, type RequestEvent } from '@sveltejs/kit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../../domain/errors';
import type { App } from '../app';
import { isAdmin } from '../auth/administrator';
import { errorResponse, statusOf } from './errors';
import { isJson, readJsonBody } from './json-body';
import { presenceOf } from './presence';

/** What one request of the API has. */
export interface EndpointContext<Body> {
  app: App;
  /** Whose things it sees. */
  owner: string;
  params: Partial<Record<string, string>>;
  url: URL;
  body: Body;
  request: Request;
  /** Aborts when the client goes before it is answered; a stream of the response is cancelled instead. */
  signal: AbortSignal;
  log: Logger;
}

export interface EndpointOptions<Body> {
  /** What the JSON body must be; absent: the body is not read. */
  body?: z.ZodType<Body>;
  /** Of the body; 64 KiB unless given. */
  maxBodyBytes?: number;
  /** `forbidden` for everybody else, whatever they send. */
  isForAdmins?: boolean;
}

const defaultMaxBodyBytes = 64 * 1024;
/** In the log, for a client that did not wait: what other servers write there. */
const clientGone = 499;

/**
 * A handler of the API around `answer`: reads and checks the body, turns the value into JSON (`undefined`: 204; a
 * `Response` goes as it is) and what is thrown into `{ error: PublicError, requestId }` with its status.
 */
export function endpoint<Body = undefined>(
  options: EndpointOptions<Body>,
  answer: (context: EndpointContext<Body>) => unknown,
): (event: RequestEvent) => Promise<Response> {
  return async (event) => {
    const { signal, release } = presenceOf(event);
    try {
      const value = await answer(await contextOf(event, options, signal));
      if (value instanceof Response) return value;
      return value === undefined ? new Response(null, { status: 204 }) : json(value);
    } catch (thrown) {
      // Nobody hears of it any more, and it is no fault.
      if (signal.aborted) return new Response(null, { status: clientGone });
      return failure(event, thrown);
    } finally {
      release();
    }
  };
}

const uuid = z.uuid();

/** The id in the address: `not-found` when it cannot be one, as for one that is not there. */
export function idParam(params: Partial<Record<string, string>>, name = 'id'): string {
  const parsed = uuid.safeParse(params[name]);
  if (!parsed.success) throw new AppError('not-found', 'There is nothing here.');
  return parsed.data;
}

/** A body in another form than JSON; HTTP has a status of its own for it. */
class NotJson extends AppError {
  constructor() {
    super('invalid-input', 'Send the body as application/json.');
  }
}

async function contextOf<Body>(
  { locals, params, url, request }: RequestEvent,
  { body: schema, maxBodyBytes = defaultMaxBodyBytes, isForAdmins }: EndpointOptions<Body>,
  signal: AbortSignal,
): Promise<EndpointContext<Body>> {
  const { app, owner, log } = locals;
  if (isForAdmins && !isAdmin(owner))
    throw new AppError('forbidden', 'Only whoever runs this server may do this.');
  if (schema && !isJson(request)) throw new NotJson();
  const body = schema ? await readJsonBody(request, schema, maxBodyBytes) : (undefined as Body);
  return { app, owner, params, url, body, request, signal, log };
}

function failure({ locals, route }: RequestEvent, thrown: unknown): Response {
  const { log, requestId } = locals;
  if (thrown instanceof NotJson) return errorResponse(thrown, requestId, 415);
  if (statusOf(thrown) >= 500) log.error({ err: thrown, route: route.id }, 'request failed');
  else if (thrown instanceof AppError) log.debug({ code: thrown.code, route: route.id }, 'request refused');
  return errorResponse(thrown, requestId);
}
