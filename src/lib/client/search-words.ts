import type { SearchHit } from '../domain/search-hit';

/** Where a hit leads. */
export function addressOf({ conversationId, message }: SearchHit): string {
  return `/conversation/${conversationId}${message ? `?message=${message.id}` : ''}`;
}

/** Tells hits apart. */
export function keyOf({ conversationId, message }: SearchHit): string {
  return message?.id ?? conversationId;
}

/** Who said it, and when. */
export function sourceOf({ message, updatedAt }: SearchHit, now: Date): string {
  if (!message) return whenWords(updatedAt, now);
  return `${message.role === 'user' ? 'You' : 'Answer'} · ${whenWords(message.createdAt, now)}`;
}

function whenWords(date: Date, now: Date): string {
  if (date.toDateString() === now.toDateString())
    return date.toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });
  const isThisYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString('en', {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  });
}
