import type { ConversationSummary } from '../domain/conversation';

/** Says that an answer is complete to a reader who is elsewhere: in the title, and by the system if that is allowed. */
export class FinishedNotice {
  private count = $state(0);
  private notification: Notification | undefined;

  /** For the beginning of the page's title. */
  get prefix(): string {
    return this.count === 0 ? '' : `(${String(this.count)}) `;
  }

  onFinished({ id, title }: Pick<ConversationSummary, 'id' | 'title'>): void {
    if (!document.hidden) return;
    this.count += 1;
    if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    // One for each conversation: a newer one takes the place of the older.
    this.notification = new Notification(title || 'New chat', { body: 'The answer is complete.', tag: id });
    this.notification.addEventListener('click', () => window.focus());
  }

  /** The reader is back. */
  onVisible(): void {
    this.count = 0;
    this.notification?.close();
  }
}
