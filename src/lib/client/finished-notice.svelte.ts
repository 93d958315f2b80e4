import { tick } from 'svelte';
import type { ConversationSummary } from '../domain/conversation';
import { keep, readKept } from './browser-storage';

const key = 'parlance:notify';

/**
 * Tells a reader who is elsewhere that an answer is complete: in the title always, by a notification of the system when
 * the person asked for it and the browser allows it.
 */
export class FinishedNotice {
  /** Whether the person asked for notifications, and the browser allows them. */
  isNotifying = $state(false);
  /** The browser said no: only its own settings can change that. */
  isRefused = $state(false);
  private count = $state(0);
  private shown: Notification[] = [];

  /** For the beginning of the page's title. */
  get prefix(): string {
    return this.count === 0 ? '' : `(${String(this.count)}) `;
  }

  /** Reads what was chosen; only in a browser. */
  load(): void {
    this.isNotifying = readKept(key) === 'on' && permission() === 'granted';
  }

  /** To be called from a press of the person: the browser asks then. */
  async setNotifying(isNotifying: boolean): Promise<void> {
    // Shown at once, and taken back when it may not be.
    this.isNotifying = isNotifying;
    await tick();
    if (isNotifying && permission() === 'default') await Notification.requestPermission();
    this.isRefused = isNotifying && permission() !== 'granted';
    this.isNotifying = isNotifying && !this.isRefused;
    keep(key, this.isNotifying ? 'on' : '');
  }

  onFinished({ id, title }: Pick<ConversationSummary, 'id' | 'title'>): void {
    if (!document.hidden) return;
    this.count += 1;
    if (!this.isNotifying) return;
    try {
      // One for each conversation: a newer one takes the place of the older.
      const notification = new Notification(title || 'New chat', {
        body: 'The answer is complete.',
        tag: id,
      });
      notification.addEventListener('click', () => window.focus());
      this.shown.push(notification);
    } catch {
      // Browsers of phones allow them, and then have none for a page.
      this.refuse();
    }
  }

  /** The reader is back. */
  onVisible(): void {
    this.count = 0;
    for (const notification of this.shown.splice(0)) notification.close();
  }

  private refuse(): void {
    this.isRefused = true;
    this.isNotifying = false;
    keep(key, '');
  }
}

/** Over plain http in a network browsers have no notifications. */
function permission(): NotificationPermission {
  return typeof Notification === 'undefined' || !isSecureContext ? 'denied' : Notification.permission;
}
