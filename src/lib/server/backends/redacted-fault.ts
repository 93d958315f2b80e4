import { AppError } from '../../domain/errors';

/** A text without the keys of a server, for the log. */
export type Redact = (text: string) => string;

/** Causes of causes that are looked through; nothing here makes more. */
const deepest = 8;

/**
 * What was thrown, without keys in any of its texts: servers repeat what they were sent, also in the middle of an answer.
 * The same when there was none.
 */
export function redactedFault(thrown: unknown, redact: Redact, depth = 0): unknown {
  if (typeof thrown === 'string') return redact(thrown);
  if (!(thrown instanceof Error)) return thrown;
  // Its message cuts a piece out of the text that could not be read, and with it a piece of a key.
  if (thrown instanceof SyntaxError) return 'SyntaxError: not the form that was expected';
  if (depth > deepest) return thrown.name;
  const cause = redactedFault(thrown.cause, redact, depth + 1);
  const message = redact(thrown.message);
  const stack = thrown.stack && redact(thrown.stack);
  if (cause === thrown.cause && message === thrown.message && stack === thrown.stack) return thrown;
  return Object.assign(copyOf(thrown, message, cause), { stack });
}

function copyOf(fault: Error, message: string, cause: unknown): Error {
  if (!(fault instanceof AppError))
    return Object.assign(new Error(message, { cause }), { name: fault.name, ...codeOf(fault) });
  const { code, retryable, details } = fault;
  return new AppError(code, message, { retryable, cause, ...(details && { details }) });
}

function codeOf(fault: Error): { code?: unknown } {
  return 'code' in fault ? { code: fault.code } : {};
}
