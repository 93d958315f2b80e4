import { ApiError } from './api';
import type { ErrorCode, PublicError } from '../domain/errors';

/** What happened and what to do, in the page's own words; where there are none, the server's message is shown. */
const words: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'You are no longer signed in. Reload the page.',
  'rate-limited': 'That was a lot at once. Wait a moment, then try again.',
  'too-large': 'This message is larger than the server takes. Shorten it, then send it again.',
  conflict: 'This conversation has changed in another tab. Reload the page, then try again.',
  'storage-unavailable':
    'The server cannot store anything at the moment. Copy what you need, then try again.',
  internal: 'Something went wrong on the server. The text so far is kept; you can retry.',
};

/** A sentence for a fault. */
export function errorWords({ code, message, details }: PublicError): string {
  if (code === 'context-too-long' && details?.tokens !== undefined && details.limit !== undefined) {
    const [tokens, limit] = [details.tokens, details.limit].map((count) =>
      Number(count).toLocaleString('en'),
    );
    return `This message has ${tokens ?? ''} tokens, and the model reads at most ${limit ?? ''}. Shorten it, then send it again.`;
  }
  // Of a model's server it was said what is the matter; nobody but the server knows that.
  if (code.startsWith('backend-')) return `${message} The text so far is kept.`;
  if (code === 'rate-limited' && details?.status !== undefined) return `${message}${waitWords(details)}`;
  return words[code] ?? message;
}

function waitWords({ retryAfterSeconds: seconds }: NonNullable<PublicError['details']>): string {
  return seconds === undefined ? ' Try again in a moment.' : ` Try again in ${String(seconds)} s.`;
}

/** A sentence for whatever a call of the API threw. */
export function thrownWords(thrown: unknown): string {
  if (thrown instanceof ApiError && thrown.wasAnswered) return errorWords(thrown.fault);
  return 'The server cannot be reached. Your text is kept; try again in a moment.';
}
