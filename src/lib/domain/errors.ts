/** Every kind of fault that the app tells apart. The HTTP status of each is in `server/http/endpoint.ts`. */
export const errorCodes = [
  'invalid-input',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'rate-limited',
  'quota-exceeded',
  'too-large',
  'model-unavailable',
  'context-too-long',
  'backend-unreachable',
  'backend-rejected',
  'backend-protocol',
  'storage-unavailable',
  'config-invalid',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What may leave the server about a fault: no stack, no upstream body, no path. */
export interface PublicError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** Figures that the browser's own words use, such as `{ tokens: 9120, limit: 8192 }`. */
  details?: Record<string, string | number>;
}

export interface AppErrorOptions {
  retryable?: boolean;
  cause?: unknown;
  details?: Record<string, string | number>;
}

const retryableByDefault: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate-limited',
  'model-unavailable',
  'backend-unreachable',
  'backend-protocol',
  'storage-unavailable',
  'internal',
]);

/** A fault with a code. `message` may be shown to a person; whatever must stay in the log goes in `cause`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Record<string, string | number> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? retryableByDefault.has(code);
    this.details = options.details;
  }
}

/** The part of any thrown value that may be shown. What is not an `AppError` says only that it was unexpected. */
export function toPublicError(thrown: unknown): PublicError {
  if (!(thrown instanceof AppError)) {
    return { code: 'internal', message: 'Something went wrong on the server.', retryable: true };
  }
  const { code, message, retryable, details } = thrown;
  return details ? { code, message, retryable, details } : { code, message, retryable };
}
