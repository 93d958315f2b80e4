import { violations } from './axe';
import { expect, testOn } from './fixtures';
import { chooseModel, option, picker, pickerPanel } from './models-page';
import { answers, composer, expectStatus, lastAnswer, send } from './page';
import { openOwn, parameter } from './settings-page';

const says = (text: string) => ({ type: 'scripted', replies: [{ text }] });
const many = ['Aster', 'Birch', 'Cedar', 'Dahlia', 'Elder', 'Fern', 'Ginkgo', 'Hazel', 'Iris'].map(
  (name) => ({
    id: `garden/${name.toLowerCase()}`,
    name,
    description: `${name} is a plant. It says its own name.`,
    backend: says(`I am ${name}.`),
  }),
);
const missing = { id: 'missing', name: 'Missing', backend: { type: 'local', path: '/nowhere/missing' } };
const described = {
  id: 'described',
  name: 'Juniper',
  description: 'Described as an operator can.',
  links: { 'Model card': 'https://example.com/card' },
  promptExamples: [{ title: 'Roots', prompt: 'Tell me about your roots.' }],
  capabilities: { images: { maxCount: 4 }, reasoning: true },
  parameters: { temperature: 0.6 },
  parameterLimits: { temperature: { isFixed: true }, max_new_tokens: { max: 500 } },
  backend: says('I am Juniper.'),
};
const tasks = {
  id: 'tasks',
  name: 'Linden',
  unlisted: true,
  capabilities: { text2text: { name: 'Translate', choices: [{ id: 'en-de', label: 'English to German' }] } },
  backend: says('Linde.'),
};
const hidden = { id: 'hidden', name: 'Hidden', unlisted: true, backend: says('You found me.') };
const old = { id: 'old', name: 'Old', replacedBy: 'garden/cedar', backend: says('I am Old.') };
const MODELS = JSON.stringify([...many, described, tasks, hidden, old, missing]);
const test = testOn({ MODELS });

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

test('a model is found and chosen by the keyboard, and answers from then on', async ({ page }) => {
  await send(page, 'Who are you?');
  await expect(lastAnswer(page)).toContainText('I am Aster.');
  await picker(page).press('Enter');
  const search = pickerPanel(page).getByRole('combobox', { name: 'Search models' });
  await expect(search).toBeFocused();
  await expect(option(page, 'Aster')).toHaveAttribute('aria-selected', 'true');
  await expect(option(page, 'Missing')).toHaveAttribute('aria-disabled', 'true');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  const active = await search.getAttribute('aria-activedescendant');
  await expect(option(page, 'Birch')).toHaveAttribute('id', active ?? '');
  await page.keyboard.type('dah');
  await expect(pickerPanel(page).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(pickerPanel(page)).toBeHidden();
  await expect(picker(page)).toBeFocused();
  await expect(picker(page)).toHaveAccessibleName('Model: Dahlia');
  await send(page, 'And now?');
  await expect(lastAnswer(page)).toContainText('I am Dahlia.');
  await page.reload();
  await expect(picker(page)).toHaveAccessibleName('Model: Dahlia');
});

test('Esc closes the picker and nothing else, and another press of its button does, too', async ({
  page,
}) => {
  await picker(page).click();
  await page.keyboard.press('Escape');
  await expect(pickerPanel(page)).toBeHidden();
  await expect(picker(page)).toBeFocused();
  await picker(page).click();
  await picker(page).click();
  await expect(pickerPanel(page)).toBeHidden();
});

test('answers say whose they are once a second model has answered, on the same turn or the next', async ({
  page,
}) => {
  await send(page, 'Who are you?');
  await expectStatus(page, 'complete');
  const name = (text: string) => answers(page).getByRole('link', { name: text });
  await expect(name('Aster')).toHaveCount(0);
  await lastAnswer(page).getByRole('button', { name: 'Try with…' }).click();
  await page.getByRole('menuitem', { name: 'Another model…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try with another model' });
  await expect(dialog.getByRole('option', { name: 'Aster' })).toHaveCount(0);
  await page.keyboard.type('fern');
  await page.keyboard.press('Enter');
  await expect(lastAnswer(page)).toContainText('I am Fern.');
  await expect(name('Fern')).toBeVisible();
  // A retry is for this answer alone.
  await expect(picker(page)).toHaveAccessibleName('Model: Aster');
  await lastAnswer(page).getByRole('button', { name: 'Previous version' }).click();
  await expect(name('Aster')).toBeVisible();
  await chooseModel(page, 'Hazel');
  await send(page, 'And you?');
  await expect(name('Hazel')).toBeVisible();
  await expect(answers(page)).toHaveCount(2);
  await name('Hazel').click();
  await expect(page).toHaveURL(/\/models\/garden\/hazel$/u);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`all models are listed, found and described, and a chat begins with one (${colorScheme})`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.getByRole('link', { name: /^Models/u }).click();
    await expect(page.getByRole('article')).toHaveCount(11);
    await expect(page.getByRole('article', { name: 'Missing' })).toContainText('/nowhere/missing');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('searchbox', { name: 'Search models' }).fill('reasoning');
    await expect(page.getByRole('article')).toHaveCount(1);
    await page.getByRole('link', { name: 'Juniper', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Juniper' })).toBeVisible();
    await expect(page.getByText('Up to 4 a message')).toBeVisible();
    await expect(page.getByRole('row', { name: /temperature/u })).toContainText('Fixed');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: /^Roots/u }).click();
    await expect(composer(page)).toHaveValue('Tell me about your roots.');
    await expect(picker(page)).toHaveAccessibleName('Model: Juniper');
    await composer(page).press('Enter');
    await expect(lastAnswer(page)).toContainText('I am Juniper.');
  });
}

test('the model of new chats is chosen once, for every tab, and taken back', async ({
  page,
  context,
  server,
}) => {
  await page.goto(`${server.url}/models/garden/cedar`);
  const button = page.getByRole('button', { name: 'Default for new chats' });
  const kept = page.waitForResponse((response) => response.url().endsWith('/api/settings'));
  await button.click();
  expect((await kept).ok()).toBe(true);
  const other = await context.newPage();
  await other.goto(server.url);
  await expect(picker(other)).toHaveAccessibleName('Model: Cedar');
  await other.close();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  const undone = page.waitForResponse((response) => response.url().endsWith('/api/settings'));
  await button.click();
  await undone;
  await page.goto(server.url);
  await expect(picker(page)).toHaveAccessibleName('Model: Aster');
});

test('the address of a model that is not here says so and leads on', async ({ page, server }) => {
  await page.goto(`${server.url}/models/nobody/knows`);
  await expect(page.getByRole('heading', { name: 'This model is not here' })).toBeVisible();
  await expect(page.getByText('nobody/knows')).toBeVisible();
  await page.getByRole('link', { name: 'All models' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
});

test('on a phone the picker is a sheet over the lower edge, and nothing is wider than the page', async ({
  browser,
  server,
}) => {
  const options = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(server.url);
  await picker(page).click();
  const box = await pickerPanel(page).boundingBox();
  expect(box).toMatchObject({ x: 0, width: 360 });
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(740);
  // The keyboard on the screen stays away until somebody wants to search.
  await expect(pickerPanel(page).getByRole('combobox')).not.toBeFocused();
  expect(await violations(page)).toEqual([]);
  await option(page, 'Ginkgo').click();
  await expect(picker(page)).toHaveAccessibleName('Model: Ginkgo');
  for (const path of ['/models', '/models/garden/ginkgo']) {
    await page.goto(server.url + path);
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isTooWide).toBe(false);
    expect(await violations(page)).toEqual([]);
  }
  await context.close();
});

test('what was replaced hands over by itself; what is not listed is reached by its id alone', async ({
  page,
  server,
}) => {
  await page.goto(`${server.url}/models/old`);
  await expect(page.getByText('Old has been retired.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Start a chat' })).toHaveCount(0);
  await page.goto(`${server.url}/?model=old`);
  await expect(page.getByRole('status').filter({ hasText: 'Old has been retired.' })).toBeVisible();
  await expect(picker(page)).toHaveAccessibleName('Model: Cedar');
  await send(page, 'Who are you?');
  await expect(lastAnswer(page)).toContainText('I am Cedar.');
  await expect(page.getByText('Old has been retired.')).toHaveCount(0);
  await page.goto(`${server.url}/models/hidden`);
  await page.getByRole('link', { name: 'Start a chat' }).click();
  await expect(picker(page)).toHaveAccessibleName('Model: Hidden');
  await send(page, 'Are you there?');
  await expect(lastAnswer(page)).toContainText('You found me.');
  await expect(page).toHaveURL(/\/conversation\//u);
  await page.reload();
  await expect(picker(page)).toHaveAccessibleName('Model: Hidden');
});

test('what the operator fixed cannot be set, and what is limited ends there', async ({ page, server }) => {
  await page.goto(`${server.url}/?model=described`);
  await expect(picker(page)).toHaveAccessibleName('Model: Juniper');
  const dialog = await openOwn(page);
  const temperature = parameter(dialog, 'temperature');
  await expect(temperature.getByRole('textbox')).toBeDisabled();
  await expect(temperature.getByRole('textbox')).toHaveValue('0.6');
  await expect(temperature).toContainText('has fixed it for Juniper.');
  const longest = parameter(dialog, 'max_new_tokens');
  await longest.getByRole('textbox').fill('501');
  await expect(longest.getByRole('alert')).toContainText('to 500');
  await longest.getByRole('textbox').fill('500');
  await expect(longest.getByRole('alert')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test('what a model that turns text into text does is chosen beside it, and kept', async ({
  page,
  server,
}) => {
  await page.goto(`${server.url}/?model=tasks`);
  const task = page.getByRole('combobox', { name: 'Translate' });
  await task.selectOption('English to German');
  const made = page.waitForRequest((request) => request.url().endsWith('/api/conversations'));
  await send(page, 'Linden tree');
  expect((await made).postDataJSON()).toMatchObject({ settings: { task: 'en-de' } });
  await expectStatus(page, 'complete');
  expect(await violations(page)).toEqual([]);
  await expect(page).toHaveURL(/\/conversation\//u);
  await page.reload();
  await expect(task).toHaveValue('en-de');
});
