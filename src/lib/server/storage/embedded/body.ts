import type { Conversation } from '../../../domain/conversation';
import type { Message } from '../../../domain/message';

/**
 * What people and models write is one text in the column `body`, made and read here only: encryption at rest wraps
 * these two functions.
 */
export function sealBody(value: unknown): string {
  return JSON.stringify(value);
}

export function openBody<T>(body: unknown): T {
  return JSON.parse(String(body)) as T;
}

/** The title in the body of a conversation. */
export function titleIn(body: unknown): string {
  return openBody<Pick<Conversation, 'title'>>(body).title;
}

/** The parts in the body of a message. */
export function partsIn(body: unknown): Message['parts'] {
  return openBody<Pick<Message, 'parts'>>(body).parts;
}
