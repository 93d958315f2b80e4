import type { OfferedModel } from '../domain/connection';
import { ApiError } from './api';

/** A sentence for whatever a call about servers threw: the server says what to do, and says it best. */
export function connectionWords(thrown: unknown): string {
  if (thrown instanceof ApiError && thrown.wasAnswered) return thrown.fault.message;
  return 'Parlance itself cannot be reached. Try again in a moment.';
}

/** What a model of a server can do and how much it reads, in a few words; none when nobody knows. */
export function offeredWords({ contextLength, capabilities }: OfferedModel): string[] {
  return [
    ...(contextLength === undefined ? [] : [`${windowWords(contextLength)} tokens`]),
    ...(capabilities.images ? ['images'] : []),
    ...(capabilities.reasoning ? ['reasoning'] : []),
    ...(capabilities.tools ? ['tools'] : []),
  ];
}

function windowWords(tokens: number): string {
  return tokens < 1000 ? String(tokens) : `${String(Math.round(tokens / 1000))}k`;
}

/** "1 model", "12 models". */
export function modelCount(count: number): string {
  return count === 1 ? '1 model' : `${count.toLocaleString('en')} models`;
}
