import type { Descriptor, Grammar } from './parameter-types';

/** Most texts of one parameter (stop sequences, unwanted words, choices), and the longest of them in characters. */
export const maxTexts = 16;
export const maxTextLength = 200;
export const maxBiases = 64;
/** Longest schema or regular expression, in characters. */
export const maxGrammarLength = 20_000;

const textsWords = `${String(maxTexts)} texts of 1 to ${String(maxTextLength)} characters each`;

/**
 * What is wrong with a value: a sentence that says what is allowed; `undefined` when nothing is. The one rule of the
 * page, which has no room for zod, and of the schema on the server.
 */
export function parameterFault(descriptor: Descriptor, value: unknown): string | undefined {
  return isAllowed(descriptor, value) ? undefined : allowedWords(descriptor);
}

/** What a parameter may be, in words. */
export function allowedWords({ type, min, max, options = [] }: Descriptor): string {
  if (type === 'text') return `A text of 1 to ${String(maxTextLength)} characters.`;
  if (type === 'option') return `One of ${options.join(', ')}.`;
  if (type === 'strings') return `Up to ${textsWords}.`;
  if (type === 'boolean') return 'Yes or no.';
  if (type === 'biases')
    return `Up to ${String(maxBiases)} texts or tokens, each with ${rangeWords(min, max)}.`;
  if (type === 'grammar') return `A JSON schema, a regular expression, or 1 to ${textsWords}.`;
  const range = rangeWords(min, max);
  return `${type === 'integer' ? range.replace('a number', 'A whole number') : range.replace('a', 'A')}.`;
}

function rangeWords(min: number | undefined, max: number | undefined): string {
  const [from, to] = [min, max].map((limit) => limit?.toLocaleString('en'));
  if (from === undefined) return to === undefined ? 'a number' : `a number up to ${to}`;
  return to === undefined ? `a number from ${from}` : `a number from ${from} to ${to}`;
}

function isAllowed(
  { type, min = -Infinity, max = Infinity, options = [] }: Descriptor,
  value: unknown,
): boolean {
  const isInRange = (number: unknown): boolean =>
    typeof number === 'number' && Number.isFinite(number) && number >= min && number <= max;
  switch (type) {
    case 'strings':
      return Array.isArray(value) && areTexts(value);
    case 'text':
      return areTexts([value]);
    case 'option':
      return typeof value === 'string' && options.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'biases':
      return (
        Array.isArray(value) && value.length <= maxBiases && value.every((item) => isBias(item, isInRange))
      );
    case 'grammar':
      return isGrammar(value);
    case 'integer':
      return Number.isSafeInteger(value) && isInRange(value);
    case 'number':
      return isInRange(value);
  }
}

function areTexts(values: unknown[]): boolean {
  return (
    values.length <= maxTexts &&
    values.every((text) => typeof text === 'string' && text !== '' && text.length <= maxTextLength)
  );
}

function isBias(item: unknown, isInRange: (number: unknown) => boolean): boolean {
  if (!isRecord(item) || Object.keys(item).length !== 2 || !isInRange(item.bias)) return false;
  return areTexts([item.text]) || (Number.isSafeInteger(item.token) && Number(item.token) >= 0);
}

function isGrammar(grammar: unknown): grammar is Grammar {
  if (!isRecord(grammar) || Object.keys(grammar).length !== 2) return false;
  const { type, value } = grammar;
  if (type === 'json')
    return (isRecord(value) || typeof value === 'boolean') && isShort(JSON.stringify(value));
  if (type === 'regex') return typeof value === 'string' && value !== '' && isShort(value);
  return type === 'choice' && Array.isArray(value) && value.length > 0 && areTexts(value);
}

function isShort(text: string): boolean {
  return text.length <= maxGrammarLength;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
