import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { watch } from './fixtures';
import { expectStatus, lastAnswer, send, composer } from './page';
import { TestServer } from './server';

test('the bundled model answers in the first minute, and an engine that is killed comes back', async ({
  page,
}) => {
  const server = await TestServer.start({});
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, 'What is the capital of France?');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('Paris');
  await send(page, 'Write a long story about a lighthouse keeper and the sea.');
  await expect.poll(async () => (await lastAnswer(page).innerText()).length).toBeGreaterThan(80);
  process.kill(engineOf(server.pid), 'SIGKILL');
  await expectStatus(page, 'failed');
  await expect(lastAnswer(page).getByRole('button', { name: 'Retry' })).toBeVisible();
  await lastAnswer(page).getByRole('button', { name: 'Retry' }).click();
  await expectStatus(page, 'running');
  await expect.poll(async () => (await lastAnswer(page).innerText()).length).toBeGreaterThan(80);
  await page.getByRole('button', { name: 'Stop generating' }).click();
  await expectStatus(page, 'stopped');
  expect(faults).toEqual([]);
  await server.stop();
});

test('a model that turns text into text answers each message alone', async ({ page }) => {
  const dates = { id: 'dates', backend: { type: 'local', path: 'parlance/date-normaliser' } };
  const server = await TestServer.start({ MODELS: JSON.stringify([dates]) });
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, '3rd of March, 2024 at 5:30 pm');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('2024-03-03T17:30');
  await send(page, 'Sunday, 25 Dec 1999');
  await expect(lastAnswer(page)).toContainText('1999-12-25');
  expect(faults).toEqual([]);
  await server.stop();
});

test('a model folder that is missing is named with what to do, and the rest works', async ({ page }) => {
  const missing = { id: 'gone', backend: { type: 'local', path: '/nowhere/gone' } };
  const server = await TestServer.start({ MODELS: JSON.stringify([missing]) });
  await page.goto(server.url);
  await expect(page.getByText('/nowhere/gone').first()).toBeVisible();
  await expect(composer(page)).toBeVisible();
  await server.stop();
});

/** The child of the server that runs the engine program. */
function engineOf(parent: number): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/u.test(entry))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (status.includes(`PPid:\t${String(parent)}\n`) && command.includes('engine.js')) return Number(name);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error('The server has no engine.');
}
