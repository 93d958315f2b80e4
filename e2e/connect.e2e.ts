import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { FakeModelServer, silentModel } from './fake-model-server';
import { expect, testOn } from './fixtures';
import { chooseModel } from './models-page';
import { composer, expectStatus, lastAnswer, send } from './page';
import { scriptedModels, TestServer } from './server';

const key = 'sk-a-key-that-nobody-may-see-1234';
const cards = [
  { id: 'org/small-chat', object: 'model', owned_by: 'vllm', max_model_len: 8192 },
  { id: silentModel, object: 'model', owned_by: 'vllm', max_model_len: 131_072 },
];
const test = testOn({ MODELS: scriptedModels });

let fake: FakeModelServer;
test.beforeAll(async () => {
  fake = await FakeModelServer.start(key, cards);
});
test.afterAll(() => fake.stop());

const dialog = (page: Page): Locator =>
  page.getByRole('dialog', { name: /Connect a model|Connected servers|Change/u });

async function openDialog(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('connect');
  await page.keyboard.press('Enter');
}

test('a server is connected, tested, used and removed, and its key is seen nowhere', async ({
  page,
  server,
}) => {
  const bodies: string[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/api/events'))
      void response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      );
  });
  await page.goto(server.url);
  await expect(composer(page)).toBeEditable();
  await openDialog(page);

  // What is wrong is said where it is mended, and the focus is there.
  const address = dialog(page).getByRole('textbox', { name: 'Address' });
  await expect(address).toBeFocused();
  await address.fill('127.0.0.1:1');
  await address.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('Nothing listens at 127.0.0.1:1.');
  await expect(address).toBeFocused();
  await address.fill(`${fake.host}/v1/chat/completions`);
  await address.press('Enter');
  const keyField = dialog(page).getByLabel('Key', { exact: true });
  await expect(dialog(page).getByRole('alert')).toContainText('asks for a key');
  await expect(keyField).toBeFocused();
  await keyField.fill(key);
  await keyField.press('Enter');

  // What is there, and whether it answers.
  await expect(dialog(page).getByText('with 2 models')).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Test org/small-chat' }).click();
  await expect(dialog(page).getByText(/Answered in .*I am org\/small-chat/u)).toBeVisible();
  await dialog(page).getByLabel('Name', { exact: true }).fill('Big box');
  await dialog(page).getByRole('radio', { name: 'Only some of them' }).check();
  await dialog(page).getByRole('checkbox', { name: 'org/small-chat' }).check();
  expect(await violations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog(page).getByRole('listitem', { name: 'Big box' })).toContainText('1 model');
  await expect(dialog(page).getByRole('button', { name: 'Connect a model' })).toBeFocused();
  await expect(dialog(page)).toContainText('Scripted, Other (from the configuration)');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // It is offered at once.
  await expect(dialog(page)).toBeHidden();
  await chooseModel(page, 'org/small-chat');
  await send(page, 'good evening');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('I am org/small-chat. You said: "good evening"');

  await server.kill('SIGTERM');
  await server.launch();
  await page.reload();
  await send(page, 'and again');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('You said: "and again"');

  // Removed, with a question before.
  await openDialog(page);
  const item = dialog(page).getByRole('listitem', { name: 'Big box' });
  await expect(item).toContainText('a key is set');
  await item.getByRole('button', { name: 'Remove Big box' }).click();
  await expect(item.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await item.getByRole('button', { name: 'Remove Big box' }).click();
  await expect(item).toHaveCount(0);
  await page.keyboard.press('Escape');
  // The page knows at once that the conversation needs another model.
  await expect(page.getByRole('status').filter({ hasText: 'small-chat is no longer' })).toBeVisible();

  expect(bodies.length).toBeGreaterThan(10);
  expect(bodies.filter((body) => body.includes(key))).toEqual([]);
  expect(server.output).not.toContain(key);
  expect(filesWith(server.dataDir, key)).toEqual([]);
});

test('a server that is down is renamed, moved and freed of its key, which goes nowhere else', async ({
  page,
  server,
}) => {
  const moved = await FakeModelServer.start(key, cards);
  const { host } = moved;
  try {
    await page.goto(server.url);
    await expect(composer(page)).toBeEditable();
    await openDialog(page);
    await dialog(page).getByRole('textbox', { name: 'Address' }).fill(host);
    await dialog(page).getByLabel('Key', { exact: true }).fill(key);
    await page.keyboard.press('Enter');
    await dialog(page).getByRole('button', { name: 'Add', exact: true }).click();
    const item = dialog(page).getByRole('listitem').filter({ hasText: host });
    await expect(item).toContainText('a key is set');
    await moved.stop();

    const change = item.getByRole('button', { name: /^Change/u });
    const save = dialog(page).getByRole('button', { name: 'Save without checking' });
    await change.click();
    await dialog(page).getByLabel('Name', { exact: true }).fill('Away');
    expect(await violations(page)).toEqual([]);
    await save.click();
    await expect(item).toContainText('Away');
    await expect(item).toContainText('a key is set');

    await change.click();
    await dialog(page)
      .getByRole('checkbox', { name: /Delete the key/u })
      .check();
    await expect(dialog(page).getByLabel('Key', { exact: true })).toBeDisabled();
    await save.click();
    await expect(item).not.toContainText('a key is set');

    // With a key again, which stays with the address that it was given for.
    await change.click();
    await dialog(page).getByLabel('Key', { exact: true }).fill(key);
    await save.click();
    await expect(item).toContainText('a key is set');
    const other = dialog(page).getByRole('listitem').filter({ hasText: fake.host });
    fake.asked.length = 0;
    await change.click();
    await dialog(page).getByRole('textbox', { name: 'Address' }).fill(fake.host);
    await expect(dialog(page)).toContainText('is not sent to another server');
    await save.click();
    await expect(other).toContainText('Away');
    await expect(other).not.toContainText('a key is set');
    await other.getByRole('button', { name: /^Ask again/u }).click();
    await expect(other).toContainText(/asks for a key/u);
    expect(fake.asked.length).toBeGreaterThan(0);
    expect(JSON.stringify(fake.asked)).not.toContain(key);
    await other.getByRole('button', { name: 'Remove Away' }).click();
    await other.getByRole('button', { name: 'Remove Away' }).click();
    await expect(other).toHaveCount(0);
  } finally {
    await moved.stop();
  }
});

test('a test that nobody waits for ends at the server, too', async ({ page, server }) => {
  await page.goto(server.url);
  await expect(composer(page)).toBeEditable();
  await openDialog(page);
  await dialog(page).getByRole('textbox', { name: 'Address' }).fill(fake.host);
  await dialog(page).getByLabel('Key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByText('with 2 models')).toBeVisible();
  const asked = () => fake.asked.filter(({ what }) => what === 'POST /v1/chat/completions').length;
  const askedBefore = asked();
  const faults = () => server.output.split('request failed').length;
  const faultsBefore = faults();
  await dialog(page)
    .getByRole('button', { name: `Test ${silentModel}` })
    .click();
  await expect.poll(asked).toBe(askedBefore + 1);
  expect(fake.left).toBe(0);
  await page.keyboard.press('Escape');
  await expect.poll(() => fake.left).toBe(1);
  expect(faults(), 'in the log').toBe(faultsBefore);
});

test('nobody connects anything where everybody is somebody else', async () => {
  const open = await TestServer.start({ MODELS: scriptedModels, ACCESS: 'anonymous' });
  try {
    const ask = (method: string, path: string, body?: object) =>
      fetch(`${open.url}/api/connections${path}`, {
        method,
        headers: { origin: open.url, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const answers = [
      await ask('GET', ''),
      await ask('POST', '/probe', { url: fake.host }),
      await ask('POST', '', { id: crypto.randomUUID(), url: fake.host, choice: 'all' }),
      await ask('DELETE', `/${crypto.randomUUID()}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  } finally {
    await open.stop();
  }
});

/** Files below a folder that hold these bytes. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}
