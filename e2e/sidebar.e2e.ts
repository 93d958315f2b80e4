import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { converse, post } from './converse';
import { expect, test } from './fixtures';
import { composer, expectStatus, lastAnswer, send, sidebar } from './page';

const row = (page: Page, title: string): Locator =>
  sidebar(page).getByRole('listitem').filter({ hasText: title });

async function choose(page: Page, title: string, command: string): Promise<void> {
  await row(page, title).hover();
  await row(page, title)
    .getByRole('button', { name: `Options for ${title}` })
    .click();
  await page.getByRole('menuitem', { name: command, exact: true }).click();
}

/** The headings and titles of the list in their order, as far as they are among `texts`. */
async function listed(page: Page, texts: string[]): Promise<string[]> {
  const shown = await sidebar(page).locator('h2, li a > span:first-child').allInnerTexts();
  return shown.map((text) => text.trim()).filter((text) => texts.includes(text));
}

test('what is pinned stands first, in every tab and after a reload, until it is unpinned', async ({
  page,
  context,
  server,
}) => {
  await converse(server.url, 'Pin older');
  await converse(server.url, 'Pin newer');
  await page.goto(server.url);
  const other = await context.newPage();
  await other.goto(server.url);
  await choose(page, 'Pin older', 'Pin');
  const order = ['Pinned', 'Pin older', 'Today', 'Pin newer'];
  for (const tab of [page, other]) await expect.poll(() => listed(tab, order)).toEqual(order);
  await page.reload();
  await expect.poll(() => listed(page, order)).toEqual(order);
  await choose(other, 'Pin older', 'Unpin');
  const without = ['Today', 'Pin newer', 'Pin older'];
  for (const tab of [page, other]) await expect.poll(() => listed(tab, order)).toEqual(without);
});

test('an answer that nobody watched is unread in every tab, until somebody looks', async ({
  page,
  context,
  server,
}) => {
  await page.goto(server.url);
  const other = await context.newPage();
  await other.goto(server.url);
  await page.bringToFront();
  await send(page, 'brief and unwatched');
  await expect(row(other, 'brief and unwatched').getByText('An answer is being written')).toBeAttached();
  await page.getByRole('link', { name: 'New chat' }).first().click();
  for (const tab of [page, other])
    await expect(row(tab, 'brief and unwatched').getByText('Unread answer')).toBeAttached();
  await page.reload();
  await expect(row(page, 'brief and unwatched').getByText('Unread answer')).toBeAttached();
  await row(page, 'brief and unwatched').getByRole('link').click();
  await expectStatus(page, 'complete');
  for (const tab of [page, other])
    await expect(row(tab, 'brief and unwatched').getByText('Unread answer')).toHaveCount(0);
  // Before somebody's eyes it never is, and no other tab says so in the end.
  await send(page, 'Watched');
  await expect(lastAnswer(page)).toContainText('You said Watched.');
  await expectStatus(page, 'complete');
  for (const tab of [page, other])
    await expect(row(tab, 'brief and unwatched').getByText('Unread answer')).toHaveCount(0);
  await other.close();
});

test('a double click edits a title: Enter saves, Esc leaves it', async ({ page, server }) => {
  await converse(server.url, 'Double click me');
  await page.goto(server.url);
  const field = sidebar(page).getByRole('textbox', { name: 'New title' });
  await row(page, 'Double click me').getByRole('link').dblclick();
  await expect(field).toBeFocused();
  await page.keyboard.type('Not this');
  await page.keyboard.press('Escape');
  await expect(row(page, 'Double click me').getByRole('link')).toBeFocused();
  await row(page, 'Double click me').getByRole('link').dblclick();
  await expect(field).toBeFocused();
  await page.keyboard.type('Clicked twice');
  // The list shows it before the server has it.
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await page.keyboard.press('Enter');
  await saved;
  await expect(row(page, 'Clicked twice')).toBeVisible();
  await page.reload();
  await expect(row(page, 'Clicked twice')).toBeVisible();
});

test('several are selected, pinned, deleted and all brought back', async ({ page, server }) => {
  const titles = ['Several 5', 'Several 4', 'Several 3', 'Several 2', 'Several 1'];
  for (const title of titles.toReversed()) await converse(server.url, title);
  await page.goto(server.url);
  await choose(page, 'Several 4', 'Select');
  const box = (title: string) => sidebar(page).getByRole('checkbox', { name: title });
  await expect(box('Several 4')).toBeFocused();
  await expect(sidebar(page).getByText('1 selected')).toBeVisible();
  await box('Several 2').click({ modifiers: ['Shift'] });
  await expect(sidebar(page).getByText('3 selected')).toBeVisible();
  await expect(box('Several 3')).toBeChecked();
  await box('Several 3').press('Space');
  await expect(sidebar(page).getByText('2 selected')).toBeVisible();
  await sidebar(page).getByRole('button', { name: 'Pin', exact: true }).click();
  const order = ['Pinned', 'Several 4', 'Several 2', 'Today', 'Several 5', 'Several 3', 'Several 1'];
  await expect.poll(() => listed(page, order)).toEqual(order);
  await choose(page, 'Several 4', 'Select');
  await sidebar(page).getByRole('button', { name: 'Select all loaded' }).click();
  await expect(box('Several 1')).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(sidebar(page).getByRole('checkbox')).toHaveCount(0);
  await choose(page, 'Several 4', 'Select');
  await box('Several 2').click({ modifiers: ['Shift'] });
  await sidebar(page).getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('Deleted 2 conversations')).toBeVisible();
  await expect.poll(() => listed(page, titles)).toEqual(['Several 5', 'Several 3', 'Several 1']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => listed(page, order)).toEqual(order);
  await page.reload();
  await expect.poll(() => listed(page, order)).toEqual(order);
});

test('the focus stays in the list when a row is deleted', async ({ page, server }) => {
  await converse(server.url, 'Focus comes here');
  await converse(server.url, 'Focus leaves here');
  await page.goto(server.url);
  await choose(page, 'Focus leaves here', 'Delete');
  await expect(row(page, 'Focus leaves here')).toHaveCount(0);
  await expect(row(page, 'Focus comes here').getByRole('link')).toBeFocused();
});

test('what cannot be deleted comes back, and the reason is told', async ({ page, server }) => {
  await converse(server.url, 'Undeletable');
  await page.goto(server.url);
  await page.route('**/api/conversations/*', (route) => route.abort());
  await choose(page, 'Undeletable', 'Delete');
  await expect(page.getByText('The server cannot be reached.')).toBeVisible();
  await expect(row(page, 'Undeletable')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('The server cannot be reached.')).toBeHidden();
});

test('the sidebar stays as it was left, and no flash of it is seen before the script runs', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await composer(page).press('ControlOrMeta+b');
  await expect(sidebar(page)).toBeHidden();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/_app/**/*.js', (route) => released.then(() => route.continue()));
  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByRole('button', { name: 'Show or hide the sidebar' })).toBeVisible();
  await expect(sidebar(page)).toBeHidden();
  release();
  await expect(composer(page)).toBeFocused();
  await expect(sidebar(page)).toBeHidden();
  await page.getByRole('button', { name: 'Show or hide the sidebar' }).click();
  await expect(sidebar(page)).toBeVisible();
  await page.reload();
  await expect(sidebar(page)).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}: pinned and unread, menu, editing, selecting`, async ({
    page,
    server,
  }) => {
    const title = `Checked ${colorScheme}`;
    const { conversationId } = await converse(server.url, title);
    await page.emulateMedia({ colorScheme });
    await page.goto(server.url);
    await expect(row(page, title).getByText('Unread answer')).toBeAttached();
    await choose(page, title, 'Pin');
    await expect(sidebar(page).getByRole('heading', { name: 'Pinned' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await row(page, title).getByRole('button').click();
    await expect(page.getByRole('menu')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await expect(sidebar(page).getByRole('textbox', { name: 'New title' })).toBeFocused();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await choose(page, title, 'Select');
    await expect(sidebar(page).getByText('1 selected')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await post(server.url, `/api/conversations/${conversationId}/read`);
  });
}
