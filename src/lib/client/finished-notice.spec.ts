import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FinishedNotice } from './finished-notice.svelte';

const kept = new Map<string, string>();
const closed: string[] = [];
let isForPages = true;

class FakeNotification extends EventTarget {
  static readonly permission = 'granted';
  constructor(private readonly title: string) {
    super();
    // As Chrome on Android does.
    if (!isForPages) throw new TypeError('Illegal constructor.');
  }
  close(): void {
    closed.push(this.title);
  }
}

beforeEach(() => {
  isForPages = true;
  closed.length = 0;
  kept.set('parlance:notify', 'on');
  vi.stubGlobal('document', { hidden: true });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('Notification', FakeNotification);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

function loaded(): FinishedNotice {
  const notice = new FinishedNotice();
  notice.load();
  return notice;
}

it('takes all notifications away when the reader is back', () => {
  const notice = loaded();
  for (const id of ['a', 'b']) notice.onFinished({ id, title: id });
  notice.onVisible();
  expect([notice.prefix, closed]).toEqual(['', ['a', 'b']]);
});

it('counts in the title where the browser allows notifications and has none for pages, and says so', () => {
  isForPages = false;
  const notice = loaded();
  expect(notice.isNotifying).toBe(true);
  notice.onFinished({ id: 'a', title: 'a' });
  expect([notice.prefix, notice.isNotifying, notice.isRefused]).toEqual(['(1) ', false, true]);
  expect(loaded().isNotifying).toBe(false);
});
