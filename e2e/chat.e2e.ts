import { expect, test } from './fixtures';
import {
  answers,
  composer,
  expectStatus,
  expectWholeWords,
  expectWords,
  lastAnswer,
  send,
  shownWords,
  sidebar,
} from './page';

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

test('a message is answered, kept, and listed under its first words', async ({ page }) => {
  await send(page, 'Tell me something');
  await expect(page.locator('[data-message-role="user"]')).toHaveText(/Tell me something/u);
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('You said Tell me something. Here is a short answer.');
  await expect(page).toHaveURL(/\/conversation\/[0-9a-f-]{36}$/u);
  await expect(sidebar(page).getByRole('link', { name: 'Tell me something' }).first()).toBeVisible();
  await page.reload();
  await expect(lastAnswer(page)).toContainText('Here is a short answer.');
  await send(page, 'And again');
  await expect(answers(page)).toHaveCount(2);
  await expectStatus(page, 'complete');
});

test('a reload in the middle goes on with the text, nothing lost and nothing twice', async ({ page }) => {
  await send(page, 'slow please');
  await expectWords(page, 10);
  const before = (await shownWords(page)).length;
  await page.reload();
  await expectWords(page, before);
  await expectStatus(page, 'running');
  await expectWords(page, before + 20);
  await expectWholeWords(page);
  await page.getByRole('button', { name: 'Stop generating' }).click();
});

test('a second tab sees the same answer live, and both can stop it', async ({ page, context }) => {
  await send(page, 'slow please');
  await expectWords(page, 5);
  const second = await context.newPage();
  await second.goto(page.url());
  await expectWords(second, 15);
  await expectStatus(second, 'running');
  await second.getByRole('button', { name: 'Stop generating' }).click();
  await expectStatus(second, 'stopped');
  await expectStatus(page, 'stopped');
  const [first, other] = [await expectWholeWords(page), await expectWholeWords(second)];
  expect(first).toEqual(other);
  // A message that is sent in one tab shows in the other, without a reload.
  await send(second, 'from the second tab');
  await expect(page.locator('[data-message-role="user"]').last()).toContainText('from the second tab');
  await expectStatus(page, 'complete');
});

test('an answer is finished although every page was closed', async ({ page, context, server }) => {
  await send(page, 'long please');
  await expectWords(page, 5);
  const url = page.url();
  await page.close();
  const later = await context.newPage();
  const id = url.split('/').at(-1) ?? '';
  // Nothing follows it meanwhile: the API is only asked whether it still runs.
  await expect
    .poll(
      async () => (await (await later.request.get(`${server.url}/api/conversations/${id}`)).json()).cursors,
      {
        timeout: 30_000,
        intervals: [1000],
      },
    )
    .toEqual([]);
  await later.goto(url);
  await expectStatus(later, 'complete');
  expect(await expectWholeWords(later)).toHaveLength(1000);
});

for (const way of ['the button', 'Esc'] as const) {
  test(`stop by ${way} freezes the text, and it never grows back`, async ({ page }) => {
    await send(page, 'slow please');
    await expectWords(page, 5);
    if (way === 'Esc') await page.keyboard.press('Escape');
    else await page.getByRole('button', { name: 'Stop generating' }).click();
    await expectStatus(page, 'stopped');
    await expect(composer(page)).toBeFocused();
    const frozen = await shownWords(page);
    await page.waitForTimeout(700);
    expect(await shownWords(page)).toEqual(frozen);
    await page.reload();
    await expectStatus(page, 'stopped');
    expect(await shownWords(page)).toEqual(frozen);
    await expect(lastAnswer(page).getByRole('button', { name: 'Continue' })).toBeVisible();
  });
}

test('retry writes another version, and both can be read', async ({ page }) => {
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await lastAnswer(page).hover();
  await lastAnswer(page).getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  await page.getByRole('button', { name: 'Previous version' }).click();
  await expect(page.getByText('1 / 2')).toBeVisible();
  await page.reload();
  await expect(page.getByText('1 / 2')).toBeVisible();
});

test('a fault of the model is told beside the text that is safe', async ({ page }) => {
  await send(page, 'fail please');
  await expectStatus(page, 'failed');
  expect(await expectWholeWords(page)).toHaveLength(10);
  await expect(lastAnswer(page).getByRole('button', { name: 'Retry' })).toBeVisible();
});

test('a message that cannot fit is refused with its size and the limit, and stays in the composer', async ({
  page,
}) => {
  const text = 'too long '.repeat(3000);
  await composer(page).fill(text);
  await page.getByRole('button', { name: 'Send message' }).click();
  await expect(page.getByText(/3[,. ]?000/u).first()).toBeVisible();
  await expect(composer(page)).toHaveValue(new RegExp('^too long too long'));
  await expect(answers(page)).toHaveCount(0);
});

test('a draft survives a reload', async ({ page }) => {
  await composer(page).fill('not sent yet');
  await page.waitForTimeout(500);
  await page.reload();
  await expect(composer(page)).toHaveValue('not sent yet');
});

test('Shift+Enter makes a line, an input method may use Enter, and the composer grows', async ({ page }) => {
  await composer(page).fill('one');
  const before = (await composer(page).boundingBox())?.height ?? 0;
  for (let line = 0; line < 4; line += 1) await composer(page).press('Shift+Enter');
  await composer(page).pressSequentially('two');
  await expect(composer(page)).toHaveValue('one\n\n\n\ntwo');
  expect((await composer(page).boundingBox())?.height ?? 0).toBeGreaterThan(before + 40);
  await composer(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
  await expect(answers(page)).toHaveCount(0);
});

test('a conversation can be renamed, deleted and brought back', async ({ page }) => {
  await send(page, 'Name me');
  await expectStatus(page, 'complete');
  const row = sidebar(page).getByRole('listitem').filter({ hasText: 'Name me' }).first();
  await row.hover();
  await row.getByRole('button', { name: /options|menu|actions/iu }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Renamed');
  await page.keyboard.press('Enter');
  const renamed = sidebar(page).getByRole('listitem').filter({ hasText: 'Renamed' }).first();
  await expect(renamed).toBeVisible();
  await renamed.hover();
  await renamed.getByRole('button', { name: /options|menu|actions/iu }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(renamed).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(renamed).toBeVisible();
  await page.reload();
  await expect(renamed).toBeVisible();
});

test('Markdown is shown safely: raw HTML as text, links without scripts, no picture from elsewhere', async ({
  page,
}) => {
  await send(page, 'markdown please');
  await expectStatus(page, 'complete');
  const answer = lastAnswer(page);
  await expect(answer.getByRole('heading', { name: 'A heading' })).toBeVisible();
  await expect(answer.getByRole('table')).toBeVisible();
  await expect(answer.getByText('<script>')).toBeVisible();
  await expect(answer.locator('script, iframe, a[href^="javascript"]')).toHaveCount(0);
  await expect(answer.locator('img')).toHaveCount(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  await answer.locator('pre').first().hover();
  await expect(answer.getByRole('button', { name: /copy/iu }).first()).toBeVisible();
});
