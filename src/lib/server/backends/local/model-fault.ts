import { AppError } from '../../../domain/errors';

/** A fault of a model, in a form in which the page can show it. */
export function fault(reason: string, remedy: string, cause?: unknown): AppError {
  return new AppError('model-unavailable', reason, {
    retryable: true,
    details: { remedy },
    ...(cause !== undefined && { cause }),
  });
}
