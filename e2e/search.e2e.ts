import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { converse } from './converse';
import { expect, test } from './fixtures';
import { composer, expectStatus, expectWords, send, sidebar } from './page';

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Search conversations' });
const results = (page: Page): Locator => sidebar(page).getByRole('listitem');
const palette = (page: Page): Locator => page.getByRole('combobox', { name: 'Search and commands' });
const option = (page: Page, name: string | RegExp): Locator => page.getByRole('option', { name });

test('words are found in titles and texts, shown where they stand, and opened with the keyboard', async ({
  page,
  server,
}) => {
  const { conversationId, answerId } = await converse(server.url, 'A naïve question about zebras');
  await page.goto(server.url);
  await field(page).pressSequentially('naive ZEB');
  await expect(results(page)).toHaveCount(3);
  const marks = results(page).first().locator('mark');
  await expect(marks).toHaveText(['naïve', 'zebras']);
  await expect(results(page).nth(1)).toContainText('You said A naïve question about zebras.');
  await field(page).press('ArrowDown');
  await expect(results(page).first().getByRole('link')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/conversation/${conversationId}`);
  const answer = page.locator(`[data-message-id="${answerId}"]`);
  await expect(answer).toBeFocused();
  await expect(answer).toBeInViewport();
  await expect(answer).toHaveAttribute('data-found');
  await expect(answer).not.toHaveAttribute('data-found');
  await field(page).focus();
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveValue('');
  await expect(sidebar(page).getByRole('heading', { name: 'Today' })).toBeVisible();
});

test('a message of another branch is opened on its branch', async ({ page, server }) => {
  const { conversationId } = await converse(server.url, 'The first giraffe');
  await converse(server.url, 'The second ostrich', conversationId);
  await page.goto(`${server.url}/conversation/${conversationId}`);
  await expect(page.getByText('You said The second ostrich.')).not.toHaveCount(0);
  await field(page).fill('"first giraffe" said');
  await results(page).getByRole('link').first().click();
  await expect(page.locator('[data-message-role="user"]')).toHaveText(/The first giraffe/u);
  await page.reload();
  await expect(page.locator('[data-message-role="user"]')).toHaveText(/The first giraffe/u);
});

test('in a long conversation the message is in view, not the end', async ({ page, server }) => {
  await page.goto(server.url);
  await send(page, 'tall with a pelican');
  await expectStatus(page, 'complete');
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await field(page).fill('pelican');
  await results(page).filter({ hasText: 'You ·' }).getByRole('link').click();
  await expect(page.locator('[data-message-role="user"]')).toBeInViewport();
  await page.waitForTimeout(300);
  await expect(page.locator('[data-message-role="user"]')).toBeInViewport();
});

test('what is typed last counts, nothing is said to be nothing, and a fault is told', async ({
  page,
  server,
}) => {
  await converse(server.url, 'Quokka');
  await page.goto(server.url);
  const held: (() => Promise<void>)[] = [];
  await page.route('**/api/search?q=slow*', (route) => void held.push(() => route.continue()));
  await field(page).fill('slow');
  await expect.poll(() => held.length).toBe(1);
  await field(page).fill('quokka');
  await expect(results(page)).toHaveCount(3);
  await Promise.allSettled(held.map((go) => go()));
  await field(page).fill('x" NEAR(');
  await expect(sidebar(page).getByText('Nothing found')).toBeVisible();
  await page.route('**/api/search*', (route) => route.abort());
  await field(page).fill('quok');
  await expect(sidebar(page).getByRole('alert')).toContainText('The server cannot be reached.');
  await sidebar(page).getByRole('button', { name: 'Clear the search' }).click();
  await expect(field(page)).toBeFocused();
  await expect(sidebar(page).getByRole('alert')).toHaveCount(0);
});

test('the palette finds commands and conversations, and nothing goes past it', async ({ page, server }) => {
  await converse(server.url, 'Wombat facts');
  await page.goto(server.url);
  await composer(page).press('ControlOrMeta+k');
  await expect(palette(page)).toBeFocused();
  await expect(option(page, /^Rename/u)).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+Shift+o');
  await page.keyboard.press('ControlOrMeta+/');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await palette(page).fill('wombat');
  await expect(option(page, /Wombat facts/u).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByText('You said Wombat facts.')).not.toHaveCount(0);
  await expect(page).toHaveURL(/\/conversation\//u);
  await page.keyboard.press('ControlOrMeta+k');
  await palette(page).fill('rename');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
  await page.keyboard.type('Renamed wombat');
  await page.keyboard.press('Enter');
  await expect(sidebar(page).getByRole('link', { name: 'Renamed wombat' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await palette(page).fill('pin');
  await page.keyboard.press('Enter');
  await expect(sidebar(page).getByRole('heading', { name: 'Pinned' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await palette(page).fill('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('ControlOrMeta+k');
  await palette(page).fill('delete');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(sidebar(page).getByRole('link', { name: 'Renamed wombat' })).toHaveCount(0);
});

test('the palette that is opened again at once stays open', async ({ page, server }) => {
  await page.goto(server.url);
  await composer(page).press('ControlOrMeta+k');
  await palette(page).fill('dark');
  // Before the browser has come to say that the first one is closed.
  await palette(page).evaluate(async (field) => {
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    while (field.closest('dialog')?.open) await Promise.resolve();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));
  });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await palette(page).fill('delete');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the palette stops an answer; the arrows go round; Esc closes it and stops nothing', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 3);
  await composer(page).press('ControlOrMeta+k');
  await expect(option(page, 'Stop generating')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(composer(page)).toBeFocused();
  await expectStatus(page, 'running');
  await composer(page).press('ControlOrMeta+k');
  await page.keyboard.press('Enter');
  await expectStatus(page, 'stopped');
});

test('shortcuts: a new chat and their list from anywhere', async ({ page, server }) => {
  const { conversationId } = await converse(server.url, 'Shortcuts');
  await page.goto(`${server.url}/conversation/${conversationId}`);
  await composer(page).press('?');
  await expect(composer(page)).toHaveValue('?');
  await composer(page).fill('');
  await composer(page).press('ControlOrMeta+/');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Shift+o');
  await expect(page).toHaveURL(`${server.url}/`);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}: results, nothing found, palette, shortcuts, and on a phone`, async ({
    page,
    server,
  }) => {
    await converse(server.url, `Axe ${colorScheme}`);
    await page.emulateMedia({ colorScheme });
    await page.goto(server.url);
    await field(page).fill(`axe ${colorScheme}`);
    await expect(results(page)).toHaveCount(3);
    expect(await violations(page)).toEqual([]);
    await field(page).fill('nowhere to be seen');
    await expect(sidebar(page).getByText('Nothing found')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await palette(page).fill('axe');
    await expect(option(page, /Axe/u).first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+/');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 320, height: 640 });
    await page.keyboard.press('ControlOrMeta+k');
    await palette(page).fill('axe');
    await expect(option(page, /Axe/u).first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
