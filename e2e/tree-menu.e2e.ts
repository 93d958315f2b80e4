import { violations } from './axe';
import { expect } from './fixtures';
import {
  answers,
  composer,
  expectStatus,
  expectWholeWords,
  expectWords,
  lastAnswer,
  send,
  sidebar,
} from './page';
import { ask, choose, editor, press, questions, test } from './tree-page';

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

test('a message is deleted with what hangs from it, and brought back', async ({ page, context }) => {
  await ask(page, 'keep me');
  await ask(page, 'delete me');
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(answers(second)).toHaveCount(2);
  await send(page, 'slow please');
  await expectWords(second, 3);
  const question = questions(page).nth(1);
  await question.hover();
  await press(question, 'More');
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toContainText('4 messages');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  for (const tab of [page, second]) {
    await expect(questions(tab)).toHaveCount(1);
    await expect(tab.getByText('delete me')).toBeHidden();
  }
  await expect(page.getByRole('status').getByText('Deleted 4 messages')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(answers(page)).toHaveCount(3);
  // The answer that was being written was stopped, with the text that it had.
  await expectStatus(page, 'stopped');
  await expectWholeWords(page);
  // It goes on from what the other tab shows.
  await expect(answers(second)).toHaveCount(3);
});

test('a message is brought back although another conversation is shown by then', async ({ page }) => {
  const link = (name: string) => sidebar(page).getByRole('link', { name });
  await ask(page, 'stay here');
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await expect(answers(page)).toHaveCount(0);
  await ask(page, 'come back');
  await choose(page, lastAnswer(page), 'More', 'Delete');
  await expect(answers(page)).toHaveCount(0);
  await link('stay here').click();
  await expect(questions(page)).toContainText('stay here');
  await page.getByRole('button', { name: 'Undo' }).click();
  await link('come back').click();
  await expect(questions(page)).toContainText('come back');
  await expect(answers(page)).toHaveCount(1);
});

test('the focus goes back to where it was, however a dialog about an answer is closed', async ({ page }) => {
  await ask(page, 'hello');
  const more = lastAnswer(page).getByRole('button', { name: 'More' });
  const close = page.getByRole('button', { name: 'Close', exact: true });
  for (const leave of [() => close.click(), () => page.keyboard.press('Escape')]) {
    await choose(page, lastAnswer(page), 'More', 'Details');
    await expect(page.getByRole('dialog')).toBeVisible();
    await leave();
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(more).toBeFocused();
  }
});

test('an answer is deleted: the version beside it is shown, or the question, which can be answered anew', async ({
  page,
}) => {
  await ask(page, 'hello');
  await press(lastAnswer(page), 'Retry');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  await choose(page, lastAnswer(page), 'More', 'Delete');
  await expect(page.getByText('2 / 2')).toBeHidden();
  await expect(answers(page)).toHaveCount(1);
  await choose(page, lastAnswer(page), 'More', 'Delete');
  await expect(answers(page)).toHaveCount(0);
  await page.reload();
  await expect(questions(page)).toHaveCount(1);
  await press(questions(page).last(), 'Retry');
  await expect(lastAnswer(page)).toContainText('You said hello.');
  await choose(page, lastAnswer(page), 'More', 'Delete');
  await expect(answers(page)).toHaveCount(0);
  await ask(page, 'and this');
  await expect(lastAnswer(page)).toContainText('You said hello');
  await expect(lastAnswer(page)).toContainText('and this.');
});

test('a fork is a conversation of its own', async ({ page }) => {
  await ask(page, 'fork here');
  await ask(page, 'not copied');
  const original = page.url();
  await choose(page, answers(page).first(), 'More', 'Fork');
  await expect(page).not.toHaveURL(original);
  await expect(answers(page)).toHaveCount(1);
  await expect(sidebar(page).getByRole('link', { name: 'fork here (fork)' })).toBeVisible();
  await ask(page, 'only in the fork');
  await page.goto(original);
  await expect(answers(page)).toHaveCount(2);
  await expect(page.getByText('only in the fork')).toBeHidden();
});

test('an answer is copied as Markdown and as plain text', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ask(page, 'marks please');
  await press(lastAnswer(page), 'Copy');
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toBe('# Title\n\nSome **bold** text.\n\n- one\n- two');
  await choose(page, lastAnswer(page), 'More', 'Copy as plain text');
  await expect.poll(copied).toBe('Title\n\nSome bold text.\n\n- one\n- two');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing with a menu and with the editors open, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await ask(page, 'hello');
    await press(lastAnswer(page), 'Retry');
    await expectStatus(page, 'complete');
    await lastAnswer(page).getByRole('button', { name: 'More' }).press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Copy as plain text' })).toBeFocused();
    await page.keyboard.press('ArrowUp');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await lastAnswer(page).getByRole('button', { name: 'Try with…' }).press('Enter');
    await expect(page.getByRole('menuitem', { name: 'More creative' })).toBeFocused();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await press(lastAnswer(page), 'Edit');
    const question = questions(page).first();
    await question.hover();
    await press(question, 'Edit');
    await expect(editor(page)).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
  });
}

test('on a phone of 320 pixels the actions are seen without a hover, and nothing is wider than the screen', async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await composer(page).fill('hello');
  await page.getByRole('button', { name: 'Send message' }).tap();
  await expectStatus(page, 'complete');
  await press(lastAnswer(page), 'Retry');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  const opacity = await questions(page)
    .first()
    .getByRole('button', { name: 'Edit', exact: true })
    .evaluate((button) => getComputedStyle(button.parentElement ?? button).opacity);
  expect(opacity).toBe('1');
  await press(questions(page).first(), 'Edit');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await context.close();
});
