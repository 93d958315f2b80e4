import type { Page } from '@playwright/test';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { picker } from './models-page';
import { answers, composer, expectStatus, expectWords, lastAnswer, send, sidebar, startChat } from './page';

const questions = (page: Page) => page.locator('[data-message-role="user"]');
const queued = (page: Page) => page.locator('[data-queued-message]');

/** Puts a text on the clipboard of the page and pastes it, as Ctrl+V does. */
async function paste(page: Page, text: string): Promise<void> {
  await composer(page).focus();
  await page.evaluate((content) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', content);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);
}

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

test('a message that is sent while an answer runs waits in line, can be changed, and then goes', async ({
  page,
}) => {
  await send(page, 'brief please');
  await expectStatus(page, 'running');
  await send(page, 'the first in line');
  await send(page, 'the second in line');
  await expect(queued(page)).toHaveCount(2);
  await expect(queued(page).first()).toContainText('the first in line');
  expect(await violations(page)).toEqual([]);
  await queued(page).first().getByRole('button', { name: 'Edit the queued message' }).click();
  await page.getByRole('textbox', { name: 'Queued message' }).fill('the first, changed');
  await page.keyboard.press('Enter');
  await queued(page).nth(1).getByRole('button', { name: 'Remove the queued message' }).click();
  await expect(queued(page)).toHaveCount(1);
  await expect(composer(page)).toBeFocused();
  await expect(queued(page)).toHaveCount(0, { timeout: 20_000 });
  await expect(questions(page)).toHaveCount(2);
  await expect(questions(page).last()).toContainText('the first, changed');
  await expectStatus(page, 'complete');
});

test('what waits survives a reload, and goes although the reader is in another conversation', async ({
  page,
}) => {
  await send(page, 'brief please');
  await expect(page).toHaveURL(/\/conversation\//u);
  await send(page, 'after the reload');
  const url = page.url();
  await page.reload();
  await expect(queued(page)).toContainText('after the reload');
  await startChat(page);
  await send(page, 'elsewhere');
  await expectStatus(page, 'complete');
  await page.goto(url);
  await expect(questions(page).last()).toContainText('after the reload', { timeout: 20_000 });
  await expect(queued(page)).toHaveCount(0);
});

test('after a stop, what waits is held until the person says so', async ({ page }) => {
  await send(page, 'slow please');
  await expectWords(page, 3);
  await send(page, 'held');
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  await expect(page.getByText('Waiting: the last answer did not become complete.')).toBeVisible();
  await expect(queued(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect(questions(page).last()).toContainText('held');
  await expectStatus(page, 'complete');
});

test('a long pasted text is folded, in the composer and in the message, and the model reads it', async ({
  page,
}) => {
  const long = Array.from(
    { length: 90 },
    (_, index) => `line ${String(index)} of a big text ${'-'.repeat(30)}`,
  ).join('\n');
  await paste(page, long);
  const folded = page.getByRole('list', { name: 'Pasted texts' }).getByRole('listitem');
  await expect(folded).toContainText('90 lines');
  await expect(composer(page)).toHaveValue('');
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(folded).toHaveCount(1);
  await send(page, 'What is in it?');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('line 80 of a big text');
  const details = questions(page).last().locator('details');
  await expect(details).toContainText('90 lines');
  await details.locator('summary').click();
  await expect(details.getByText('line 50 of a big text')).toBeVisible();
  await paste(page, long);
  await folded.getByRole('button', { name: 'Remove the pasted text' }).click();
  await expect(folded).toHaveCount(0);
  await paste(page, long);
  await folded.getByTitle('Put the text into the field, to change it').click();
  await expect(composer(page)).toHaveValue(long);
});

test('what is written while the first message is on its way stays', async ({ page }) => {
  await page.route('**/messages', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
  });
  await send(page, 'Hello');
  await composer(page).pressSequentially('and then');
  await expect(page).toHaveURL(/\/conversation\//u);
  await expect(composer(page)).toHaveValue('and then');
});

test('what is typed while the page of the conversation is on its way stays, too', async ({ page }) => {
  await page.route('**/__data.json*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await expect(page).toHaveURL(/\/$/u);
  await composer(page).pressSequentially('and then');
  await expect(page).toHaveURL(/\/conversation\//u);
  await expect(composer(page)).toHaveValue('and then');
});

test('on a phone the keyboard stays while a new chat gets its address', async ({ browser, server }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.route('**/__data.json*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.goto(server.url);
  await composer(page).fill('Hello');
  await page.getByRole('button', { name: 'Send message' }).tap();
  await expectStatus(page, 'complete');
  await expect(page).toHaveURL(/\/$/u);
  await composer(page).tap();
  await page.keyboard.type('and');
  await expect(page).toHaveURL(/\/conversation\//u);
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type(' then');
  await expect(composer(page)).toHaveValue('and then');
  await context.close();
});

test('after a click on the button one writes on', async ({ page }) => {
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await composer(page).fill('Once more');
  await page.getByRole('button', { name: 'Send message' }).click();
  await page.keyboard.type('and then');
  await expect(composer(page)).toHaveValue('and then');
});

test('a send that fails keeps the text', async ({ page }) => {
  await page.route('**/messages', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/json',
      body: JSON.stringify({ error: { code: 'storage-unavailable', message: 'No.', retryable: true } }),
    }),
  );
  await send(page, 'Keep me');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(composer(page)).toHaveValue('Keep me');
  await expect(answers(page)).toHaveCount(0);
});

test('a send that fails after the conversation was left gives its text back there, and nowhere else', async ({
  page,
}) => {
  const link = (name: string) => sidebar(page).getByRole('link', { name });
  for (const text of ['the one', 'the other']) {
    await startChat(page);
    await send(page, text);
    await expectStatus(page, 'complete');
    await expect(page).toHaveURL(/\/conversation\//u);
  }
  let fail = () => {};
  const failing = new Promise<void>((resolve) => (fail = resolve));
  const error = { code: 'invalid-input', message: 'No'.repeat(400), retryable: false };
  await page.route('**/messages', async (route) => {
    await failing;
    await route.fulfill({ status: 400, contentType: 'application/json', body: JSON.stringify({ error }) });
  });
  await send(page, 'for the other');
  await link('the one').click();
  await expect(questions(page).last()).toContainText('the one');
  await composer(page).fill('for the one');
  const answered = page.waitForResponse('**/messages');
  fail();
  await answered;
  await link('the other').click();
  await expect(composer(page)).toHaveValue('for the other');
  const alert = page.getByRole('alert');
  await expect(alert).toBeVisible();
  expect(await alert.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
  await link('the one').click();
  await expect(composer(page)).toHaveValue('for the one');
});

test('whoever leaves a new chat before its first message is taken stays where they are', async ({ page }) => {
  let take = () => {};
  const taking = new Promise<void>((resolve) => (take = resolve));
  await page.route('**/messages', async (route) => {
    await taking;
    await route.continue();
  });
  await send(page, 'left at once');
  await expect(answers(page)).toHaveCount(1);
  await startChat(page);
  await composer(page).fill('another thought');
  const answered = page.waitForResponse('**/messages');
  take();
  await answered;
  await expect(sidebar(page).getByRole('link', { name: 'left at once' })).toBeVisible();
  await expect(composer(page)).toHaveValue('another thought');
  await page.reload();
  await expect(page).toHaveURL(/\/$/u);
  await expect(composer(page)).toHaveValue('another thought');
});

test('what a queued message is changed to survives a look at another conversation', async ({ page }) => {
  await send(page, 'slow please');
  await expect(page).toHaveURL(/\/conversation\//u);
  await send(page, 'in line');
  await queued(page).getByRole('button', { name: 'Edit the queued message' }).click();
  const field = page.getByRole('textbox', { name: 'Queued message' });
  await field.fill('in line, and better');
  await startChat(page);
  await page.goBack();
  await expect(field).toHaveValue('in line, and better');
  await page.keyboard.press('Escape');
});

test('Esc closes the dialog over an answer and leaves the answer alone, wherever the focus is', async ({
  page,
}) => {
  await send(page, 'slow please');
  await expectWords(page, 3);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByText('This is how large messages are.').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expectStatus(page, 'running');
});

test('?q= sends at once, ?prompt= fills the composer, ?model= chooses, and the address is clean after', async ({
  page,
  server,
}) => {
  await page.goto(`${server.url}/?q=Hello%20from%20a%20link`);
  await expectStatus(page, 'complete');
  await expect(questions(page)).toContainText('Hello from a link');
  await expect(page).toHaveURL(/\/conversation\/[0-9a-f-]{36}$/u);
  await page.goto(`${server.url}/?prompt=Only%20begun&model=other`);
  await expect(composer(page)).toHaveValue('Only begun');
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(picker(page)).toHaveAccessibleName('Model: Other');
  await page.reload();
  await expect(composer(page)).toHaveValue('Only begun');
  await expect(answers(page)).toHaveCount(0);
});

test('on a touch screen Enter makes a line', async ({ browser, server }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await composer(page).fill('one');
  await composer(page).press('Enter');
  await composer(page).pressSequentially('two');
  await expect(composer(page)).toHaveValue('one\ntwo');
  await page.getByRole('button', { name: 'Send message' }).click();
  await expectStatus(page, 'complete');
  await context.close();
});
