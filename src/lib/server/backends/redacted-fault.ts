import { AppError } from '../../domain/errors';

/** A text without the keys of a server, for the log. */
export type Redact = (text: string) => string;

/** Causes of causes that are looked through; nothing here makes more. */
const deepest = 8;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What was thrown, without keys in any of its texts, wherever in it they are: servers repeat what they were sent, also in
 * the middle of an answer. The same when there was none.
 */
export function redactedFault(thrown: unknown, redact: Redact, depth = 0): unknown {
  if (typeof thrown === 'string') return redact(thrown);
  // Its message cuts a piece out of the text that could not be read, and with it a piece of a key.
  if (thrown instanceof SyntaxError) return 'SyntaxError: not the form that was expected';
  if (!(thrown instanceof Error) && !isPlain(thrown)) return thrown;
  if (depth > deepest) return thrown instanceof Error ? thrown.name : undefined;
  const clean = (value: unknown) => redactedFault(value, redact, depth + 1);
  if (Array.isArray(thrown)) {
    const items = thrown.map(clean);
    return items.every((item, at) => item === thrown[at]) ? thrown : items;
  }
  const fields = thrown instanceof Error ? fieldsOf(thrown) : thrown;
  const cleaned = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clean(value)]));
  if (Object.entries(fields).every(([name, value]) => cleaned[name] === value)) return thrown;
  return thrown instanceof Error ? copyOf(thrown, cleaned) : cleaned;
}

function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** Most of them are not among the properties that a copy takes along by itself. */
function fieldsOf(fault: Error): Fields {
  const { name, message, stack, cause } = fault;
  const errors = fault instanceof AggregateError && { errors: fault.errors as unknown[] };
  return { ...fault, ...errors, ...{ name, message, stack, cause } };
}

function copyOf(fault: Error, { message, cause, ...others }: Fields): Error {
  return Object.assign(ofSameKind(fault, String(message), { cause }), others);
}

function ofSameKind(fault: Error, message: string, options: { cause: unknown }): Error {
  if (fault instanceof AppError) return new AppError(fault.code, message, options);
  return fault instanceof AggregateError
    ? new AggregateError([], message, options)
    : new Error(message, options);
}
