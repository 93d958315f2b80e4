import { ApiError } from './api';

/** A sentence for whatever a call about servers threw: the server says what to do, and says it best. */
export function connectionWords(thrown: unknown): string {
  if (thrown instanceof ApiError && thrown.wasAnswered) return thrown.fault.message;
  return 'Parlance itself cannot be reached. Try again in a moment.';
}

/** "1 model", "12 models". */
export function modelCount(count: number): string {
  return count === 1 ? '1 model' : `${count.toLocaleString('en')} models`;
}
