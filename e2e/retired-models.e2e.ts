import { expect, test } from '@playwright/test';
import { violations } from './axe';
import { watch } from './fixtures';
import { picker } from './models-page';
import { answers, composer, lastAnswer, send } from './page';
import { TestServer } from './server';

const entry = (name: string) => ({
  id: `garden/${name.toLowerCase()}`,
  name,
  backend: { type: 'scripted', replies: [{ text: `I am ${name}.` }] },
});

test('a conversation whose model is gone stays readable and goes on with another', async ({ page }) => {
  const environment = { MODELS: JSON.stringify([entry('Aster'), entry('Birch')]) };
  const server = await TestServer.start(environment);
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, 'Who are you?');
  await expect(lastAnswer(page)).toContainText('I am Aster.');
  await server.kill('SIGTERM');
  environment.MODELS = JSON.stringify([entry('Birch')]);
  await server.launch();
  await page.reload();
  await expect(lastAnswer(page)).toContainText('I am Aster.');
  const notice = page.getByRole('status').filter({ hasText: 'aster is no longer on this server' });
  await expect(notice).toBeVisible();
  await composer(page).fill('And now?');
  await expect(page.getByRole('button', { name: 'Send message' })).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Go on with Birch' }).click();
  await expect(notice).toHaveCount(0);
  await composer(page).press('Enter');
  await expect(lastAnswer(page)).toContainText('I am Birch.');
  await expect(answers(page).first()).toContainText('aster');
  await page.reload();
  await expect(picker(page)).toHaveAccessibleName('Model: Birch');
  expect(faults).toEqual([]);
  await server.stop();
});
