import { expect, test } from '@playwright/test';
import { FakeTgi } from '../src/lib/server/backends/__fixtures__/fake-tgi';
import { violations } from './axe';
import { watch } from './fixtures';
import { expectStatus, lastAnswer, send } from './page';
import { TestServer } from './server';

test('how likely each token of the prompt was is there to see, where the server tells it', async ({
  page,
}) => {
  const tgi = await new FakeTgi({}).listen();
  const model = {
    id: 'org/small',
    chatTemplate: { builtIn: 'chatml' },
    parameters: { decoder_input_details: true, top_logprobs: 1 },
    backend: { type: 'tgi', url: tgi.url },
  };
  const server = await TestServer.start({ MODELS: JSON.stringify([model]) });
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, 'What does the fox do?');
  await expectStatus(page, 'complete');
  await expect(page).toHaveURL(/\/conversation\//u);
  await page.reload();
  await lastAnswer(page).hover();
  await lastAnswer(page).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Token probabilities' }).click();
  const dialog = page.getByRole('dialog', { name: 'Token probabilities' });
  const prompt = dialog.getByRole('listbox', { name: 'Tokens of the prompt' });
  await expect(dialog.getByRole('listbox', { name: 'Tokens of the answer' })).toBeVisible();
  await expect(prompt).toBeHidden();
  await dialog.getByText(/^The prompt: \d+ tokens, perplexity/u).click();
  await expect(prompt).toContainText('What does the fox do?');
  await prompt.getByRole('option').first().click();
  await expect(dialog).toContainText('The server told no probability of this token.');
  await page.keyboard.press('ArrowRight');
  await expect(prompt.getByRole('option').nth(1)).toBeFocused();
  await expect(prompt.getByRole('option').nth(1)).toHaveAccessibleName('<|im_start|>, 37 %');
  await expect(dialog).toContainText('The server tells no alternatives for the prompt.');
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  const body = dialog.locator('.overflow-y-auto').first();
  expect(await body.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(faults).toEqual([]);
  await server.stop();
  await tgi.close();
});
