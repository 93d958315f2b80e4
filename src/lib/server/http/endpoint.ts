import { json, type RequestEvent } from '@sveltejs/kit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../../domain/errors';
import type { App } from '../app';
import { errorResponse, statusOf } from './errors';
import { isJson, readJsonBody } from './json-body';

/** What one request of the API has. */
export interface EndpointContext<Body> {
  app: App;
  /** Whose things it sees. */
  owner: string;
  params: Partial<Record<string, string>>;
  url: URL;
  body: Body;
  request: Request;
  /** Aborts when the client goes before its body was read; a stream of the response is cancelled instead. */
  signal: AbortSignal;
  log: Logger;
}

export interface EndpointOptions<Body> {
  /** What the JSON body must be; absent: the body is not read. */
  body?: z.ZodType<Body>;
  /** Of the body; 64 KiB unless given. */
  maxBodyBytes?: number;
}

const defaultMaxBodyBytes = 64 * 1024;

/**
 * A handler of the API around `answer`: reads and checks the body, turns the value into JSON (`undefined`: 204; a
 * `Response` goes as it is) and what is thrown into `{ error: PublicError, requestId }` with its status.
 */
export function endpoint<Body = undefined>(
  options: EndpointOptions<Body>,
  answer: (context: EndpointContext<Body>) => unknown,
): (event: RequestEvent) => Promise<Response> {
  return async (event) => {
    try {
      const value = await answer(await contextOf(event, options));
      if (value instanceof Response) return value;
      return value === undefined ? new Response(null, { status: 204 }) : json(value);
    } catch (thrown) {
      return failure(event, thrown);
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
  { body: schema, maxBodyBytes = defaultMaxBodyBytes }: EndpointOptions<Body>,
): Promise<EndpointContext<Body>> {
  const { app, owner, log } = locals;
  if (schema && !isJson(request)) throw new NotJson();
  const body = schema ? await readJsonBody(request, schema, maxBodyBytes) : (undefined as Body);
  return { app, owner, params, url, body, request, signal: request.signal, log };
}

function failure({ locals, route }: RequestEvent, thrown: unknown): Response {
  const { log, requestId } = locals;
  if (thrown instanceof NotJson) return errorResponse(thrown, requestId, 415);
  if (statusOf(thrown) >= 500) log.error({ err: thrown, route: route.id }, 'request failed');
  else if (thrown instanceof AppError) log.debug({ code: thrown.code, route: route.id }, 'request refused');
  return errorResponse(thrown, requestId);
}
