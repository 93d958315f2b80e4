import type { Locator, Page } from '@playwright/test';
import { expect, test as base } from './fixtures';
import { answers, expectStatus, send } from './page';
import { TestServer, words } from './server';

const replies = [
  { when: 'slow', text: words(400), tokensPerSecond: 20 },
  { when: 'tall', text: Array.from({ length: 40 }, (_, line) => `line ${String(line)}`).join('\n\n') },
  { when: 'marks', text: '# Title\n\nSome **bold** text.\n\n- one\n- two' },
  { text: 'You said {input}.', tokensPerSecond: 100 },
];
const models = JSON.stringify([
  { id: 'scripted', name: 'Scripted', backend: { type: 'scripted', replies }, contextLength: 4000 },
  { id: 'other', name: 'Other', backend: { type: 'scripted', replies: [{ text: 'From the other.' }] } },
]);

export const test = base.extend<object, { server: TestServer }>({
  server: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      const server = await TestServer.start({ MODELS: models });
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

export const questions = (page: Page): Locator => page.locator('[data-message-role="user"]');
export const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'Edit text' });
export const press = (message: Locator, name: string) =>
  message.getByRole('button', { name, exact: true }).click();

/** Asks and waits for the answer. */
export async function ask(page: Page, text: string): Promise<void> {
  const before = await answers(page).count();
  await send(page, text);
  await expect(answers(page)).toHaveCount(before + 1);
  await expectStatus(page, 'complete');
}

export async function choose(
  page: Page,
  message: Locator,
  menu: string,
  item: string | RegExp,
): Promise<void> {
  await message.hover();
  await press(message, menu);
  await page.getByRole('menuitem', { name: item }).click();
}
