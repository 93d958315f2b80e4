import type { Browser, Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { FakeModelServer } from './fake-model-server';
import { expect, testOn } from './fixtures';
import { chooseModel, option, picker } from './models-page';
import { composer, expectStatus, lastAnswer, send, sidebar } from './page';
import { scriptedModels, TestServer } from './server';
import { openSettings, settingsDialog } from './settings-page';

const key = 'sk-a-key-that-nobody-may-see-1234';
const cards = [{ id: 'org/small-chat', object: 'model', owned_by: 'vllm', max_model_len: 8192 }];
const scripted = { type: 'scripted', replies: [{ text: 'Between the two of us.' }] };
const forAdmins = { id: 'private', name: 'Private', access: 'admin', backend: scripted };
const models = [...(JSON.parse(scriptedModels) as object[]), forAdmins];
const test = testOn({ MODELS: JSON.stringify(models), ACCESS: 'anonymous' });

let fake: FakeModelServer;
test.beforeAll(async () => {
  fake = await FakeModelServer.start(key, cards);
});
test.afterAll(() => fake.stop());

/** What whoever started the server reads. */
function signInAddress(server: TestServer): string {
  const [, address = ''] = /Administrator: +(\S+)/u.exec(server.output) ?? [];
  return address;
}

async function visitor(browser: Browser, server: TestServer): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(server.url);
  await expect(composer(page)).toBeEditable();
  return page;
}

const dialogOf = (page: Page): Locator =>
  page.getByRole('dialog', { name: /Connect a model|Connected servers|Change/u });

async function openConnections(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('connect');
  await page.keyboard.press('Enter');
}

async function connect(page: Page): Promise<void> {
  await openConnections(page);
  const dialog = dialogOf(page);
  await expect(dialog).toContainText('offered to everybody who uses it');
  await dialog.getByRole('textbox', { name: 'Address' }).fill(fake.host);
  await dialog.getByLabel('Key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('with 1 model')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('listitem')).not.toHaveCount(0);
  await page.keyboard.press('Escape');
}

test('the administrator connects a server, and everybody has its models and nobody else its address', async ({
  page,
  browser,
  server,
}) => {
  const other = await visitor(browser, server);
  await picker(other).click();
  await expect(option(other, 'Scripted')).toBeVisible();
  await expect(option(other, 'Private')).toHaveCount(0);
  await other.keyboard.press('Escape');

  await page.goto(signInAddress(server));
  await expect(page, 'the token has left the address bar').toHaveURL(`${server.url}/`);
  await expect(composer(page)).toBeEditable();
  await connect(page);
  await chooseModel(page, 'org/small-chat');
  await send(page, 'mine');
  await expectStatus(page, 'complete');

  // In the other browser it is there at once, without a reload.
  await picker(other).click();
  await expect(option(other, 'org/small-chat')).toBeVisible();
  await expect(other.getByRole('button', { name: 'Connect a model' })).toHaveCount(0);
  await option(other, 'org/small-chat').click();
  await send(other, 'yours');
  await expectStatus(other, 'complete');
  await expect(lastAnswer(other)).toContainText('I am org/small-chat. You said: "yours"');
  const statuses = await other.evaluate(async () => {
    const ask = (path: string, method = 'GET', body?: object) =>
      fetch(`/api/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const id = crypto.randomUUID();
    const answers = await Promise.all([
      ask('connections'),
      ask('connections', 'POST', { id, url: 'http://127.0.0.1:1', choice: 'all' }),
      ask('connections/probe', 'POST', { url: 'http://127.0.0.1:1' }),
      ask(`connections/${id}`, 'DELETE'),
      ask('models/private'),
      ask('conversations', 'POST', { id, modelId: 'private' }),
    ]);
    return answers.map(({ status }) => status);
  });
  expect(statuses).toEqual([403, 403, 403, 403, 404, 404]);

  // Afterwards for administrators alone: the others see it no more, at once.
  await openConnections(page);
  await dialogOf(page)
    .getByRole('button', { name: /^Change /u })
    .click();
  await dialogOf(page)
    .getByRole('checkbox', { name: /^For administrators alone/u })
    .check();
  expect(await violations(page)).toEqual([]);
  await dialogOf(page).getByRole('button', { name: 'Save without checking' }).click();
  await expect(dialogOf(page).getByRole('listitem').first()).toContainText('for administrators alone');
  await page.keyboard.press('Escape');
  await other.getByRole('button', { name: 'Choose a model', exact: true }).click();
  await expect(option(other, 'Scripted')).toBeVisible();
  await expect(option(other, 'org/small-chat')).toHaveCount(0);

  expect((await other.goto(`${server.url}/models/private`))?.status()).toBe(404);
  await page.goto(`${server.url}/models/private`);
  await expect(page.getByText('Administrators only')).toBeVisible();
  await page.goto(server.url);
  await chooseModel(page, 'Private');
  await send(page, 'and now');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('Between the two of us.');
  await other.context().close();
});

test('who signs in and out has other conversations, in every tab of the browser', async ({
  page,
  browser,
  server,
}) => {
  await page.goto(server.url);
  await send(page, 'before I was somebody');
  await expectStatus(page, 'complete');
  const tab = await page.context().newPage();
  await tab.goto(server.url);
  await expect(sidebar(tab)).toContainText('before I was somebody');

  // By the form, where a wrong token is told.
  await openSettings(page);
  expect(await violations(page)).toEqual([]);
  await settingsDialog(page).getByRole('link', { name: 'Administrator' }).click();
  const field = page.getByLabel('Token of the administrator');
  await field.fill('surely-not-the-token');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('That is not the token');
  expect(await violations(page)).toEqual([]);
  await field.fill(new URL(signInAddress(server)).searchParams.get('token') ?? '');
  await field.press('Enter');
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(composer(page)).toBeEditable();
  for (const one of [page, tab]) await expect(sidebar(one)).not.toContainText('before I was somebody');
  await send(page, 'words of the administrator');
  await expectStatus(page, 'complete');
  await expect(sidebar(tab)).toContainText('words of the administrator');
  const cookies = (await page.context().cookies()).filter(({ name }) => name === 'parlance-admin');
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Lax', secure: false }]);

  // The same person in another browser.
  const elsewhere = await visitor(browser, server);
  await elsewhere.goto(signInAddress(server));
  await expect(sidebar(elsewhere)).toContainText('words of the administrator');
  await elsewhere.context().close();

  await openSettings(page);
  await expect(settingsDialog(page)).toContainText('You are the administrator');
  expect(await violations(page)).toEqual([]);
  await settingsDialog(page).getByRole('button', { name: 'Sign out' }).click();
  for (const one of [page, tab]) {
    await expect(sidebar(one)).toContainText('before I was somebody');
    await expect(sidebar(one)).not.toContainText('words of the administrator');
  }
  await picker(page).click();
  await expect(option(page, 'Scripted')).toBeVisible();
  await expect(option(page, 'Private')).toHaveCount(0);
});

test('the one owner signs out where a token is asked', async ({ browser }) => {
  const page = await browser.newPage();
  const token = 'correct-horse-battery';
  const single = await TestServer.start({ MODELS: scriptedModels, ACCESS_TOKEN: token });
  try {
    await page.goto(`${single.url}/?token=${token}`);
    await openSettings(page);
    await expect(settingsDialog(page)).not.toContainText('administrator');
    await settingsDialog(page).getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(`${single.url}/login`);
    await expect(page.getByLabel('Access token')).toBeVisible();
    expect((await page.request.get(`${single.url}/api/models`)).status()).toBe(401);
  } finally {
    await page.close();
    await single.stop();
  }
});
