import { tick } from 'svelte';
import type { ChatSession } from './chat-session.svelte';

const markedForMs = 2500;

/**
 * Shows a message of a conversation that is open: the branch that has it, then the place, by `reveal`, marked for a
 * moment. Returns whether it is there.
 */
export async function showMessage(
  session: ChatSession,
  messageId: string,
  reveal: (messageId: string) => Promise<void>,
): Promise<boolean> {
  const message = session.messages.find(({ id }) => id === messageId);
  if (!message) return false;
  if (!session.path.some(({ id }) => id === messageId)) void session.choose(message);
  await tick();
  await reveal(messageId);
  const element = document.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`);
  if (!element) return false;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.dataset.found = '';
  setTimeout(() => delete element.dataset.found, markedForMs);
  return true;
}
