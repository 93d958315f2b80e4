import { AppError, toPublicError, type ErrorCode } from '../../domain/errors';

/** The one place that maps faults to HTTP. */
export const httpStatus: Readonly<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 429,
  'quota-exceeded': 429,
  'too-large': 413,
  'model-unavailable': 503,
  'context-too-long': 422,
  'backend-unreachable': 502,
  'backend-rejected': 502,
  'backend-protocol': 502,
  'storage-unavailable': 503,
  'config-invalid': 500,
  internal: 500,
};

/** The status of whatever was thrown. */
export function statusOf(thrown: unknown): number {
  return thrown instanceof AppError ? httpStatus[thrown.code] : 500;
}

/** What the browser is told of a fault: `{ error: PublicError, requestId }`. */
export function errorResponse(thrown: unknown, requestId: string, status = statusOf(thrown)): Response {
  return Response.json({ error: toPublicError(thrown), requestId }, { status });
}
