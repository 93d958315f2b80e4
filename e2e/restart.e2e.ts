import { expect, test } from '@playwright/test';
import {
  answerText,
  expectStatus,
  expectWholeWords,
  expectWords,
  lastAnswer,
  send,
  shownWords,
} from './page';
import { TestServer } from './server';

let server: TestServer;
test.beforeEach(async () => {
  server = await TestServer.start();
});
test.afterEach(() => server.stop());

test('kill -9 in the middle of an answer: after the restart the text is there, marked interrupted, and can go on', async ({
  page,
}) => {
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 30);
  const before = (await shownWords(page)).length;
  await server.kill('SIGKILL');
  await server.launch();
  // The open page comes back by itself.
  await expectStatus(page, 'interrupted');
  const kept = await expectWholeWords(page);
  // 20 words a second: 300 ms are 6 words.
  expect(kept.length).toBeGreaterThanOrEqual(before - 7);
  await page.reload();
  await expectStatus(page, 'interrupted');
  expect(await shownWords(page)).toEqual(kept);
  const text = await answerText(page);
  await expect(lastAnswer(page).getByRole('button', { name: 'Retry' })).toBeVisible();
  await lastAnswer(page).getByRole('button', { name: 'Continue' }).click();
  await expectStatus(page, 'running');
  await expect.poll(async () => (await answerText(page)).length).toBeGreaterThan(text.length + 20);
  expect(await answerText(page)).toContain(text);
});

test('SIGTERM ends the process within eight seconds, and the answer is kept', async ({ page }) => {
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 10);
  const started = Date.now();
  await server.kill('SIGTERM');
  expect(Date.now() - started).toBeLessThan(8000);
  await server.launch();
  await expectStatus(page, 'interrupted');
  expect((await expectWholeWords(page)).length).toBeGreaterThanOrEqual(10);
});

test('a second server on the same data says so in one sentence', async () => {
  const { dataDir } = server;
  const { spawnSync } = await import('node:child_process');
  const second = spawnSync(process.execPath, ['build/main.js'], {
    env: { PATH: process.env.PATH, PORT: String(server.port + 1), DATA_DIR: dataDir },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(second.status).toBe(1);
  expect(second.stdout + second.stderr).toContain('DATA_DIR');
});
