import { test as local } from '@playwright/test';
import { expect, test, watch } from './fixtures';
import { composer, expectStatus, send } from './page';
import { TestServer } from './server';
import {
  clearDefaults,
  closeSaved,
  exactPrompt,
  gauge,
  openDetails,
  openOwn,
  parameter,
} from './settings-page';

test('the gauge follows what is typed, the settings and the conversation', async ({ page, server }) => {
  await clearDefaults(server);
  await page.goto(server.url);
  // 8 around each message, and 1,024 for the answer.
  await composer(page).fill('one two three');
  await expect(gauge(page)).toHaveAccessibleName(/About 1,035 of 4,000 tokens/u);
  await composer(page).fill('one two three four');
  await expect(gauge(page)).toHaveAccessibleName(/About 1,036 of/u);
  await expect(gauge(page)).toHaveAccessibleDescription('12 to read, and room for 1,024 of the answer.');
  const dialog = await openOwn(page);
  await parameter(dialog, 'max_new_tokens').getByRole('textbox').fill('100');
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill('five words of system prompt');
  await closeSaved(page, dialog);
  await expect(gauge(page)).toHaveAccessibleName(/About 125 of/u);
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  await expect(gauge(page)).not.toHaveAccessibleName(/About 125 of/u);
  const details = await openDetails(page);
  await expect(details.getByRole('region', { name: 'Parameters' })).toContainText(/max_new_tokens\s*100/u);
});

test('the gauge warns of what is left out, and says when a message cannot fit', async ({ page, server }) => {
  await clearDefaults(server);
  await page.goto(server.url);
  for (const word of ['one', 'two']) {
    await send(page, `tall ${`${word} `.repeat(1400)}`);
    await expect(page.locator('[data-message-role="assistant"]')).toHaveCount(word === 'one' ? 1 : 2);
    await expectStatus(page, 'complete');
  }
  await composer(page).fill('three');
  await expect(gauge(page)).toHaveAttribute('data-level', 'near');
  await gauge(page).focus();
  await expect(page.getByRole('tooltip')).toContainText(/\d oldest messages will be left out/u);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toBeHidden();
  await composer(page).fill('word '.repeat(3500));
  await expect(gauge(page)).toHaveAttribute('data-level', 'tooLong');
  await expect(gauge(page).getByText('Too long: about 3,517 of 3,000 tokens')).toBeVisible();
  await composer(page).fill('short again');
  await expect(gauge(page)).toHaveAttribute('data-level', 'near');
});

local(
  'the bundled model: the gauge is what the run says, and its exact prompt has its control tokens',
  async ({ page }) => {
    const server = await TestServer.start({});
    const faults = watch(page, server);
    await page.goto(server.url);
    await composer(page).fill('What is the capital of France?');
    await expect(gauge(page)).toHaveAccessibleDescription(/^\d+ to read/u);
    await expect(gauge(page)).toHaveAccessibleName(/message: [\d,]+ of 8,192 tokens/u);
    const description = await gauge(page).evaluate(
      (button) => document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent ?? '',
    );
    await composer(page).press('Enter');
    const details = await openDetails(page);
    const [toRead = ''] = /\d+/u.exec(description) ?? [];
    await expect(details.getByRole('region', { name: 'Figures' })).toContainText(`Prompt ${toRead} tokens`);
    await expect(details.getByRole('region', { name: 'Figures' })).toContainText(/Speed\s+[\d.]+ tokens\/s/u);
    await page.keyboard.press('Escape');
    const prompt = await exactPrompt(page);
    expect(prompt.state).toBe('same');
    expect(prompt.text).toContain('<|im_start|>user\nWhat is the capital of France?<|im_end|>');
    expect(prompt.text.endsWith('<|im_start|>assistant\n')).toBe(true);
    expect(faults).toEqual([]);
    await server.stop();
  },
);

local(
  'an exact prompt says when the chat template has changed, and when the model is gone',
  async ({ page }) => {
    const template = (word: string) =>
      `{% for m in messages %}[${word} {{ m.role }}] {{ m.content }}\n{% endfor %}`;
    const models = (chatTemplate: string, id = 'scripted') =>
      JSON.stringify([{ id, backend: { type: 'scripted', replies: [{ text: 'Yes.' }] }, chatTemplate }]);
    const environment = { MODELS: models(template('old')) };
    const server = await TestServer.start(environment);
    await page.goto(server.url);
    await send(page, 'Hello');
    expect(await exactPrompt(page)).toEqual({ state: 'same', text: '[old user] Hello\n' });
    environment.MODELS = models(template('new'));
    await server.kill('SIGTERM');
    await server.launch();
    await page.reload();
    expect(await exactPrompt(page)).toEqual({ state: 'changed', text: '[new user] Hello\n' });
    environment.MODELS = models(template('old'), 'another');
    await server.kill('SIGTERM');
    await server.launch();
    await page.reload();
    expect(await exactPrompt(page)).toEqual({ state: 'gone', text: '' });
    await server.stop();
  },
);
