import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Download, Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { expect, test, watch } from './fixtures';
import { answers, expectStatus, expectWords, lastAnswer, send, sidebar, shownWords, startChat } from './page';
import { TestServer } from './server';

const dialog = (page: Page): Locator => page.getByRole('dialog');

async function openYourData(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Your data' }).click();
  await expect(dialog(page).getByRole('heading', { name: 'Your data' })).toBeVisible();
}

async function downloaded(
  page: Page,
  start: () => Promise<unknown>,
): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all<[Promise<Download>, Promise<unknown>]>([
    page.waitForEvent('download'),
    start(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Gives the dialog a file, as choosing it does. */
async function importFile(page: Page, bytes: Buffer | string): Promise<void> {
  const file = { name: 'file.json', mimeType: 'application/json', buffer: Buffer.from(bytes) };
  await page.getByLabel('File to import').setInputFiles(file);
}

interface ExportedFile {
  format: string;
  version: number;
  exportedAt: string;
  conversations: { id: string; title: string; messages: { id: string; status: string }[] }[];
}
const parsed = (bytes: Buffer | string) => JSON.parse(bytes.toString()) as ExportedFile;

test('one conversation is exported from its row and from where it is open, to be read and to be kept', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await send(page, 'Export me: a/b?');
  await expectStatus(page, 'complete');
  const row = sidebar(page).getByRole('listitem').filter({ hasText: 'Export me' }).first();
  await row.hover();
  await row.getByRole('button', { name: /^Options for/u }).click();
  const markdown = await downloaded(page, () =>
    page.getByRole('menuitem', { name: 'Export as Markdown' }).click(),
  );
  expect(markdown.name).toBe('Export me a b.md');
  expect(markdown.bytes.toString()).toContain(
    '## You\n\nExport me: a/b?\n\n## scripted\n\nYou said Export me',
  );
  await page.getByRole('button', { name: 'This conversation' }).click();
  expect(await violations(page)).toEqual([]);
  const json = await downloaded(page, () => page.getByRole('menuitem', { name: 'Export as JSON' }).click());
  expect(json.name).toBe('Export me a b.json');
  const { format, version, conversations } = parsed(json.bytes);
  expect({ format, version }).toEqual({ format: 'parlance-conversations', version: 1 });
  expect(conversations[0]?.messages).toHaveLength(2);
});

test('all is exported, imported elsewhere without loss, and imported again without a change', async ({
  page,
  server,
  context,
}) => {
  await endRuns(page, server);
  await page.goto(server.url);
  await send(page, 'Keep this');
  await expectStatus(page, 'complete');
  await lastAnswer(page).getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  await openYourData(page);
  expect(await violations(page)).toEqual([]);
  const archive = await downloaded(page, () =>
    page.getByRole('link', { name: 'Export as Markdown' }).click(),
  );
  expect(archive.name).toMatch(/^parlance-\d{4}-\d\d-\d\d\.zip$/u);
  const names = Object.keys(unzipSync(archive.bytes));
  expect(names.some((name) => /^\d{4}-\d\d-\d\d Keep this\.md$/u.test(name))).toBe(true);
  const { bytes } = await downloaded(page, () => page.getByRole('link', { name: 'Export as JSON' }).click());
  const { conversations } = parsed(bytes);
  expect(conversations.length).toBe(names.length);

  const elsewhere = await TestServer.start();
  const other = await context.newPage();
  const faults = watch(other, elsewhere);
  await other.goto(elsewhere.url);
  await openYourData(other);
  for (const words of [
    `${plural(conversations.length)} imported`,
    `0 conversations imported, ${String(conversations.length)} already here`,
  ]) {
    await importFile(other, bytes);
    await expect(dialog(other).getByText(words)).toBeVisible();
    const again = await other.request.get(`${elsewhere.url}/api/export`);
    expect(parsed(await again.body()).conversations).toEqual(conversations);
  }
  expect(await violations(other)).toEqual([]);
  await other.getByRole('button', { name: 'Close' }).click();
  await sidebar(other).getByRole('link', { name: 'Keep this' }).click();
  await expect(other.getByText('2 / 2')).toBeVisible();
  await send(other, 'It goes on');
  await expect(answers(other)).toHaveCount(2);
  await expectStatus(other, 'complete');
  expect(faults).toEqual([]);
  await elsewhere.stop();
});

test('a file that is damaged, cut off, foreign or of another version is refused with what is wrong and where', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await send(page, 'Sound');
  await expectStatus(page, 'complete');
  const good = parsed(await (await page.request.get(`${server.url}/api/export`)).body());
  const [sound] = good.conversations;
  const text = JSON.stringify(good);
  const hostile = {
    ...good,
    conversations: [sound, { ...sound, messages: [{ ...sound?.messages[0], html: '<img>' }] }],
  };
  const alert = dialog(page).getByRole('alert');
  await openYourData(page);
  await importFile(page, 'my notes');
  await expect(alert).toHaveText('This is not a file that Parlance exported.');
  await importFile(page, JSON.stringify({ ...good, version: 9 }));
  await expect(alert).toContainText('version 9');
  await importFile(page, text.slice(0, -2));
  await expect(alert).toContainText('ends too early');
  await importFile(page, JSON.stringify(hostile));
  await expect(
    dialog(page).getByText(
      'Conversation 2, messages.0: This has a property that does not belong here: html.',
    ),
  ).toBeVisible();
  await expect(dialog(page).getByText(/0 conversations imported, 1 already here, 1 refused/u)).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('a file that is dropped on the dialog is imported, and another tab shows what came', async ({
  page,
  context,
  server,
}) => {
  await page.goto(server.url);
  await send(page, 'Dropped later');
  await expectStatus(page, 'complete');
  const file = parsed(await (await page.request.get(`${server.url}/api/export`)).body());
  const [first] = file.conversations.filter(({ title }) => title === 'Dropped later');
  const copy = JSON.stringify({ ...file, conversations: [{ ...first, title: 'Came by drop' }] }).replaceAll(
    first?.id ?? '',
    crypto.randomUUID(),
  );
  const fresh = (first?.messages ?? []).reduce(
    (text, { id }) => text.replaceAll(id, crypto.randomUUID()),
    copy,
  );
  const second = await context.newPage();
  await second.goto(server.url);
  await openYourData(page);
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'dropped.json', { type: 'application/json' }));
    return data;
  }, fresh);
  await page
    .getByRole('group', { name: 'Drop a file here' })
    .dispatchEvent('drop', { dataTransfer: transfer });
  await expect(dialog(page).getByText('1 conversation imported')).toBeVisible();
  await expect(sidebar(second).getByRole('link', { name: 'Came by drop' })).toBeVisible();
  // It is no image for the message that is being written.
  await expect(page.locator('[data-attachment]')).toHaveCount(0);
});

test('everything is deleted after a second question, in every tab at once, and can be brought back', async ({
  context,
}) => {
  const server = await TestServer.start();
  const page = await context.newPage();
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, 'First one');
  await expectStatus(page, 'complete');
  await startChat(page);
  await send(page, 'slow please');
  await expectWords(page, 10);
  const second = await context.newPage();
  await second.goto(page.url());
  await expectWords(second, 10);
  await openYourData(page);
  await page.getByRole('button', { name: 'Delete everything…' }).click();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(dialog(page).getByText('2 conversations', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Export as JSON first' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(sidebar(page).getByRole('link', { name: 'First one' })).toBeAttached();
  await page.getByRole('button', { name: 'Delete everything…' }).click();
  await page.getByRole('button', { name: 'Delete 2 conversations' }).click();
  for (const tab of [page, second]) {
    await expect(tab).toHaveURL(`${server.url}/`);
    await expect(sidebar(tab).getByText('Your conversations will be listed here.')).toBeVisible();
  }
  await page.getByRole('button', { name: 'Undo' }).click();
  for (const tab of [page, second]) {
    await expect(sidebar(tab).getByRole('link', { name: 'First one' })).toBeVisible();
  }
  await sidebar(second).getByRole('link', { name: 'slow please' }).click();
  await expectStatus(second, 'stopped');
  expect((await shownWords(second)).length).toBeGreaterThanOrEqual(10);
  expect(faults).toEqual([]);
  await server.stop();
});

/** Ends what other journeys left running on this server: it would be another one after the import. */
async function endRuns(page: Page, server: TestServer): Promise<void> {
  const all = `${server.url}/api/conversations`;
  const headers = { origin: server.url };
  const gone = await page.request.post(`${all}/delete-all`, { headers });
  const { deletedAt } = (await gone.json()) as { deletedAt: string };
  await page.request.post(`${all}/restore-all`, { headers, data: { deletedAt } });
  const isRunning = async () =>
    (await (await page.request.get(`${server.url}/api/export`)).text()).includes('"status":"running"');
  await expect.poll(isRunning).toBe(false);
}

function plural(count: number): string {
  return `${String(count)} ${count === 1 ? 'conversation' : 'conversations'}`;
}
