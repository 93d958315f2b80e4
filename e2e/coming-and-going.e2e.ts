import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import {
  answers,
  composer,
  expectStatus,
  expectWholeWords,
  expectWords,
  send,
  sidebar,
  startChat,
} from './page';

/** What the browser does to a tab that is put behind another. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

/** Hides a tab that has nothing to do, and waits until it has no connection. */
async function hideIdle(page: Page): Promise<void> {
  await expect(page).toHaveURL(/conversation/u);
  const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/events'));
  await setHidden(page, true);
  await closed;
}

test('a server that goes away shows a banner, and the page comes back by itself with what it missed', async ({
  page,
  server,
}) => {
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await server.kill('SIGKILL');
  const banner = page.getByText('Connection lost.');
  await expect(banner).toBeVisible();
  await composer(page).fill('written while it was away');
  // The browser's own page of errors would be in its place.
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await expect(page.getByText('so this page stays.')).toBeVisible();
  await server.launch();
  await expect(banner).toBeHidden();
  await expect(composer(page)).toHaveValue('written while it was away');
  await composer(page).press('Enter');
  await expect(answers(page)).toHaveCount(2);
  await expectStatus(page, 'complete');
});

test('an answer that is complete while the tab is hidden is told in the title, until the reader is back', async ({
  page,
}) => {
  await send(page, 'brief please');
  await expectStatus(page, 'running');
  await setHidden(page, true);
  await expectStatus(page, 'complete');
  await expect(page).toHaveTitle('(1) brief please · Parlance');
  await setHidden(page, false);
  await expect(page).toHaveTitle('brief please · Parlance');
});

test('a hidden tab with nothing to do has no connection, and shows what it missed when it is back', async ({
  page,
  context,
}) => {
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await hideIdle(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await send(other, 'from the other window');
  await expectStatus(other, 'complete');
  await expect(answers(page)).toHaveCount(1);
  await setHidden(page, false);
  await expect(answers(page)).toHaveCount(2);
  await expect(page.locator('[data-message-role="user"]').last()).toContainText('from the other window');
});

test('a conversation that was deleted while the tab was hidden says so, and the tab has its connection again', async ({
  page,
  server,
}) => {
  await send(page, 'gone elsewhere');
  await expectStatus(page, 'complete');
  await hideIdle(page);
  const address = `${server.url}/api/conversations/${page.url().split('/').at(-1) ?? ''}`;
  const response = await fetch(address, { method: 'DELETE', headers: { origin: server.url } });
  expect(response.ok).toBe(true);
  const connected = page.waitForRequest((request) => request.url().includes('/api/events'));
  await setHidden(page, false);
  await connected;
  await expect(page.getByRole('alert')).toContainText('not there');
  await expect(sidebar(page).getByRole('link', { name: 'gone elsewhere' })).toHaveCount(0);
});

test('away from the site and back in the middle of an answer: the text goes on', async ({ page, server }) => {
  await send(page, 'brief please');
  await expectWords(page, 5);
  await page.goto(`${server.url}/healthz`);
  await page.goBack();
  await expectWords(page, 10);
  await expectStatus(page, 'complete');
  expect(await expectWholeWords(page)).toHaveLength(120);
});

test('back and forward between conversations: each is where the reader left it', async ({ page }) => {
  await send(page, 'tall please');
  await expectStatus(page, 'complete');
  // A quick answer may be complete before the page has its address.
  await expect(page).toHaveURL(/\/conversation\//u);
  const first = page.url();
  const messages = page.getByRole('region', { name: 'Conversation messages' }).locator('..');
  for (let turn = 0; turn < 2; turn += 1) {
    await send(page, 'tall please');
    await expect(answers(page)).toHaveCount(turn + 2);
    await expectStatus(page, 'complete');
  }
  await messages.evaluate((element) => (element.scrollTop = 300));
  await expect(page.getByRole('button', { name: 'Scroll to the end' })).toBeVisible();
  await startChat(page);
  await send(page, 'Another one');
  await expectStatus(page, 'complete');
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(first);
  await expect.poll(() => messages.evaluate((element) => Math.abs(element.scrollTop - 300))).toBeLessThan(40);
});

for (const answer of ['granted', 'denied'] as const) {
  test(`a notification is asked for in the settings, and when it is ${answer} that counts`, async ({
    page,
  }) => {
    await page.addInitScript((decision) => {
      const notified: string[] = [];
      class FakeNotification extends EventTarget {
        static permission = 'default';
        static requestPermission(): Promise<string> {
          FakeNotification.permission = decision;
          return Promise.resolve(decision);
        }
        constructor(title: string) {
          super();
          notified.push(title);
        }
        close(): void {
          notified.push('closed');
        }
      }
      Object.assign(globalThis, { Notification: FakeNotification, notified });
    }, answer);
    await page.reload();
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('tab', { name: 'Writing' }).click();
    await page.getByRole('radio', { name: 'By a notification' }).click();
    const isGranted = answer === 'granted';
    await expect(page.getByRole('radio', { name: 'By a notification' })).toBeChecked({ checked: isGranted });
    await expect(page.getByText('does not allow notifications')).toHaveCount(isGranted ? 0 : 1);
    await page.keyboard.press('Escape');
    await send(page, 'brief please');
    await expectWords(page, 3);
    await setHidden(page, true);
    await expect(page).toHaveTitle(/^\(1\)/u);
    await setHidden(page, false);
    const notified = await page.evaluate(() => (globalThis as unknown as { notified: string[] }).notified);
    expect(notified).toEqual(isGranted ? ['brief please', 'closed'] : []);
  });
}
