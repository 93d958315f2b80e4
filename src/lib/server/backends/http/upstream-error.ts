import { AppError } from '../../../domain/errors';
import { overflowIn } from './context-overflow';
import { faultKind } from './fault-kinds';
import { retryAfterSeconds } from './retry-after';
import type { HttpReply } from './transport';
import { readFault, type UpstreamFault } from './upstream-fault';

/** Longest part, in characters, of what a server said that is kept for the log. */
const longestCause = 1000;
/** Of a body that is read to learn what went wrong. */
const longestBody = 64 * 1024;

export interface UpstreamReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The whole body, whatever it is. */
  body: string;
}

/**
 * A reply that is no success, in words for a person. What the server said stays in `cause`, for the log. `details` has
 * the status, `retryAfterSeconds` where the server names a time, and for `context-too-long` `tokens`, `limit` and
 * `promptTokens` as far as the server tells them.
 */
export function upstreamError({ status, headers, body }: UpstreamReply): AppError {
  return faultError({ ...readFault(body), status }, retryAfterSeconds(headers));
}

/** The same for a reply whose body has not been read. One that cannot be read any more counts as empty. */
export async function errorOfReply(reply: HttpReply): Promise<AppError> {
  const body = await reply.text(longestBody).catch(() => '');
  return upstreamError({ status: reply.status, headers: reply.headers, body });
}

/**
 * The fault in an object of a stream, or of a reply with status 200 (`{ error }`, `{ object: 'error' }`, a choice that
 * ended with `error`); `undefined` when it tells of none.
 */
export function payloadError(payload: unknown): AppError | undefined {
  const fault = readFault(payload);
  return fault.isFault ? faultError(fault) : undefined;
}

function faultError(fault: UpstreamFault, retryAfter?: number): AppError {
  const { status, said } = fault;
  const cause =
    said === '' ? `status ${String(status ?? 'unknown')}, no body` : withoutKeys(said).slice(0, longestCause);
  const overflow = overflowIn(fault);
  if (overflow) {
    const details = { ...overflow };
    return new AppError('context-too-long', 'The conversation is longer than the model can read.', {
      cause,
      details,
    });
  }
  const { code, text, retryable } = faultKind(fault);
  const details = {
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfterSeconds: Math.ceil(retryAfter) }),
  };
  return new AppError(code, text, { retryable, cause, ...(Object.keys(details).length > 0 && { details }) });
}

/** What looks like a key, also of somebody else: servers repeat what they were sent. */
function withoutKeys(said: string): string {
  return said.replace(/\b(?:sk|hf|gsk|rk|pk|xai|key|AIza)[-_][\w*-]{6,}|\bBearer\s+[^\s"',]+/giu, '[key]');
}
