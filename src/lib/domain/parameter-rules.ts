import type { Descriptor } from './parameters';

export const maxStopSequences = 16;
export const maxStopLength = 200;

/**
 * What is wrong with a value: a sentence that says what is allowed; `undefined` when nothing is. The one rule of the
 * page, which has no room for zod, and of the schema on the server.
 */
export function parameterFault(descriptor: Descriptor, value: unknown): string | undefined {
  return isAllowed(descriptor, value) ? undefined : allowedWords(descriptor);
}

/** What a parameter may be, in words. */
export function allowedWords({ type, min, max }: Descriptor): string {
  if (type === 'strings')
    return `Up to ${String(maxStopSequences)} texts of 1 to ${String(maxStopLength)} characters each.`;
  const kind = type === 'integer' ? 'A whole number' : 'A number';
  const [from, to] = [min, max].map((limit) => limit?.toLocaleString('en'));
  if (from === undefined) return to === undefined ? `${kind}.` : `${kind} up to ${to}.`;
  return to === undefined ? `${kind} from ${from}.` : `${kind} from ${from} to ${to}.`;
}

function isAllowed({ type, min = -Infinity, max = Infinity }: Descriptor, value: unknown): boolean {
  if (type === 'strings') return Array.isArray(value) && areStopSequences(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (type === 'integer' && !Number.isSafeInteger(value)) return false;
  return value >= min && value <= max;
}

function areStopSequences(values: unknown[]): boolean {
  return (
    values.length <= maxStopSequences &&
    values.every((text) => typeof text === 'string' && text !== '' && text.length <= maxStopLength)
  );
}
