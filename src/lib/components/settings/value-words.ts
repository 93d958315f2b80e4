import type { GenerationParameters, Grammar, LogitBias, ParameterName } from '../../domain/parameters';

/** Longest schema, expression or list that is shown whole, in characters. */
const longest = 200;

/** The value of a parameter in words, of whatever type it is. */
export function valueWords(value: NonNullable<GenerationParameters[ParameterName]>): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(itemWords).join(', ');
  return grammarWords(value);
}

function itemWords(item: string | LogitBias): string {
  if (typeof item === 'string') return JSON.stringify(item);
  const what = 'token' in item ? `token ${String(item.token)}` : JSON.stringify(item.text);
  const sign = item.bias < 0 ? '−' : '+';
  return `${what} ${sign}${String(Math.abs(item.bias))}`;
}

function grammarWords({ type, value }: Grammar): string {
  switch (type) {
    case 'json':
      return `JSON of the schema ${cut(JSON.stringify(value))}`;
    case 'regex':
      return `matches ${cut(value)}`;
    case 'choice':
      return `one of ${cut(value.map((text) => JSON.stringify(text)).join(', '))}`;
  }
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
