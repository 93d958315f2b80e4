import { expect } from './fixtures';
import {
  answers,
  expectStatus,
  expectWholeWords,
  expectWords,
  lastAnswer,
  send,
  shownWords,
  answerText,
} from './page';
import { ask, choose, editor, press, questions, test } from './tree-page';

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

test('a question is edited in place, and both versions can be read', async ({ page }) => {
  await ask(page, 'first words');
  await ask(page, 'and more');
  const question = questions(page).first();
  await question.hover();
  await press(question, 'Edit');
  await expect(editor(page)).toHaveValue('first words');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor(page)).toBeHidden();
  await expect(question.getByRole('button', { name: 'Edit', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await editor(page).fill('other words');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(lastAnswer(page)).toContainText('You said other words.');
  await expect(answers(page)).toHaveCount(1);
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expect(question.getByRole('button', { name: 'Edit', exact: true })).toBeFocused();
  const kept = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await press(question, 'Previous version');
  await expect(answers(page)).toHaveCount(2);
  await expect(lastAnswer(page)).toContainText('You said and more.');
  await kept;
  await page.reload();
  await expect(page.getByText('1 / 2')).toBeVisible();
  await expect(lastAnswer(page)).toContainText('You said and more.');
});

test('an edit that cannot be sent stays in the editor', async ({ page }) => {
  await ask(page, 'first words');
  const question = questions(page).first();
  await question.hover();
  await press(question, 'Edit');
  await editor(page).fill('precious words');
  await page.route('**/messages', (route) => route.abort());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(editor(page)).toHaveValue('precious words');
  await page.unroute('**/messages');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(lastAnswer(page)).toContainText('You said precious words.');
  await expect(editor(page)).toBeHidden();
});

test('what is being edited survives a look at another version', async ({ page }) => {
  await ask(page, 'one');
  await press(lastAnswer(page), 'Retry');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  await ask(page, 'below');
  const below = questions(page).last();
  await below.hover();
  await press(below, 'Edit');
  await editor(page).fill('half a thought');
  const first = answers(page).first();
  await first.hover();
  await press(first, 'Previous version');
  await expect(editor(page)).toBeHidden();
  await press(answers(page).first(), 'Next version');
  await expect(editor(page)).toHaveValue('half a thought');
});

test('the arrows stay under the pointer, however long the versions are', async ({ page }) => {
  await ask(page, 'tall above');
  await ask(page, 'tall please');
  await press(lastAnswer(page), 'Edit');
  await editor(page).fill('short');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await ask(page, 'below');
  await ask(page, 'tall again');
  const message = answers(page).nth(1);
  await message.hover();
  const topOf = async (name: string) =>
    Math.round((await message.getByRole('button', { name }).boundingBox())?.y ?? 0);
  await press(message, 'Previous version');
  await expect(answers(page)).toHaveCount(2);
  await expect(message.getByRole('button', { name: 'Next version' })).toBeInViewport();
  const before = await topOf('Next version');
  await press(message, 'Next version');
  await expect(answers(page)).toHaveCount(4);
  // A view scrolls by whole pixels.
  await expect.poll(async () => Math.abs((await topOf('Previous version')) - before)).toBeLessThanOrEqual(2);
});

test('an answer is tried again with another model and with other parameters', async ({ page }) => {
  await ask(page, 'hello');
  await choose(page, lastAnswer(page), 'Try with…', 'Other');
  await expect(lastAnswer(page)).toContainText('From the other.');
  await expect(lastAnswer(page).getByRole('heading', { name: 'Other' })).toBeVisible();
  await expect(page.getByText('2 / 2')).toBeVisible();
  const posted = page.waitForRequest((request) => request.url().endsWith('/messages'));
  await choose(page, lastAnswer(page), 'Try with…', 'More precise');
  const { replies: sent } = (await posted).postDataJSON() as {
    replies: { parameters: object; modelId: string }[];
  };
  expect(sent).toMatchObject([{ modelId: 'scripted', parameters: { temperature: 0.2 } }]);
  await expect(page.getByText('3 / 3')).toBeVisible();
});

test('a stopped answer is continued; the continuation alone or the whole is tried again', async ({
  page,
}) => {
  await send(page, 'slow please');
  await expectWords(page, 6);
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  const kept = await answerText(page);
  const keptCount = (await shownWords(page)).length;
  await press(lastAnswer(page), 'Continue');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectWords(page, keptCount + 5);
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  expect((await answerText(page)).startsWith(kept)).toBe(true);
  await choose(page, lastAnswer(page), 'Try with…', 'Retry continuation');
  await expect(page.getByText('3 / 3')).toBeVisible();
  await expectStatus(page, 'running');
  expect((await answerText(page)).startsWith(kept)).toBe(true);
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  await press(lastAnswer(page), 'Retry');
  await expect(page.getByText('4 / 4')).toBeVisible();
  await expectWords(page, 2);
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  await expectWholeWords(page);
  expect((await shownWords(page)).length).toBeLessThan(keptCount + 5);
});

test('an answer is edited, is marked, and is gone on from', async ({ page }) => {
  await ask(page, 'hello');
  await press(lastAnswer(page), 'Edit');
  await expect(editor(page)).toHaveValue('You said hello.');
  await editor(page).fill('I wrote this');
  await page.keyboard.press('Enter');
  await page.keyboard.type('myself.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(lastAnswer(page)).toContainText('I wrote this');
  await expect(lastAnswer(page).getByText('Edited', { exact: true })).toBeVisible();
  await expect(lastAnswer(page)).toHaveAttribute('data-status', 'complete');
  await expect(lastAnswer(page).getByRole('button', { name: 'Edit', exact: true })).toBeFocused();
  await page.reload();
  await expect(lastAnswer(page).getByText('Edited', { exact: true })).toBeVisible();
  await press(lastAnswer(page), 'Continue');
  await expect(page.getByText('3 / 3')).toBeVisible();
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText(/myself\..*You said hello\./su);
  await expect(lastAnswer(page).getByText('Edited', { exact: true })).toBeHidden();
});

test('back at a version, the branch that was read below it is shown again', async ({ page }) => {
  await ask(page, 'root');
  await ask(page, 'below');
  await press(lastAnswer(page), 'Retry');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  await press(lastAnswer(page), 'Previous version');
  await expect(page.getByText('1 / 2')).toBeVisible();
  const first = answers(page).first();
  await first.hover();
  await press(first, 'Retry');
  await expect(answers(page)).toHaveCount(1);
  await expectStatus(page, 'complete');
  await press(answers(page).first(), 'Previous version');
  await expect(answers(page)).toHaveCount(2);
  await expect(lastAnswer(page).getByText('1 / 2')).toBeVisible();
});
