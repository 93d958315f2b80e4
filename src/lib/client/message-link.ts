import type { ChatSession } from './chat-session.svelte';

const markedForMs = 2500;

/**
 * Shows a message of a conversation that is open: the branch that has it, then the place, marked for a moment. Returns
 * whether it is there.
 */
export async function showMessage(session: ChatSession, messageId: string): Promise<boolean> {
  const message = session.messages.find(({ id }) => id === messageId);
  if (!message) return false;
  if (!session.path.some(({ id }) => id === messageId)) void session.choose(message);
  // A new page first goes to its end, and text takes its height with the first frame.
  await nextFrame();
  await nextFrame();
  const element = document.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`);
  if (!element) return false;
  element.scrollIntoView({ block: element.offsetHeight > innerHeight / 2 ? 'start' : 'center' });
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.dataset.found = '';
  setTimeout(() => delete element.dataset.found, markedForMs);
  return true;
}

/** Or soon: a hidden page has no frames. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
