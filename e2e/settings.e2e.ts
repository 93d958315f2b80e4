import { expect, test } from './fixtures';
import { composer, expectStatus, send } from './page';
import {
  clearDefaults,
  closeSaved,
  exactPrompt,
  openDefaults,
  openDetails,
  openOwn,
  openSections,
  openSettings,
  parameter,
} from './settings-page';

test.beforeEach(async ({ page, server }) => {
  await clearDefaults(server);
  await page.goto(server.url);
});

test('defaults are on every device, and count for the next answer', async ({ page, browser, server }) => {
  const dialog = await openDefaults(page);
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill('Always be kind.');
  await dialog.getByRole('radio', { name: 'Creative' }).check();
  await expect(parameter(dialog, 'temperature').getByRole('textbox')).toHaveValue('1.1');
  await expect(parameter(dialog, 'temperature')).toContainText('Your defaults');
  await closeSaved(page, dialog);
  const device = await browser.newContext();
  const other = await device.newPage();
  await other.goto(server.url);
  const there = await openDefaults(other);
  await expect(there.getByRole('textbox', { name: 'System prompt' })).toHaveValue('Always be kind.');
  await expect(there.getByRole('radio', { name: 'Creative' })).toBeChecked();
  await other.keyboard.press('Escape');
  await send(other, 'Hello');
  const details = await openDetails(other);
  await expect(details.getByRole('region', { name: 'Parameters' })).toContainText(
    /Temperature temperature\s*1\.1/u,
  );
  await other.keyboard.press('Escape');
  const prompt = await exactPrompt(other);
  expect(prompt.state).toBe('same');
  expect(JSON.parse(prompt.text)).toMatchObject({
    messages: [
      { role: 'system', content: 'Always be kind.' },
      { role: 'user', content: 'Hello' },
    ],
  });
  await device.close();
});

test('a conversation has settings of its own before its first message, and keeps them', async ({ page }) => {
  const dialog = await openOwn(page);
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill('You are a pirate.');
  await openSections(dialog);
  await parameter(dialog, 'seed').getByRole('textbox').fill('7');
  const stop = parameter(dialog, 'stop');
  await stop.getByRole('textbox', { name: 'Add a stop sequence' }).fill('short');
  await page.keyboard.press('Enter');
  await expect(stop.getByRole('listitem')).toHaveText(['short']);
  await closeSaved(page, dialog);
  await expect(page.getByText('Own settings')).toBeVisible();
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await expect(page.locator('.prose').last()).toHaveText('You said Hello. Here is a');
  expect((await exactPrompt(page)).text).toContain('You are a pirate.');
  await page.reload();
  const again = await openOwn(page);
  await expect(again.getByRole('textbox', { name: 'System prompt' })).toHaveValue('You are a pirate.');
  await expect(parameter(again, 'seed').getByRole('textbox')).toHaveValue('7');
  await parameter(again, 'stop').getByRole('button', { name: 'Remove short' }).click();
  await closeSaved(page, again);
  await send(page, 'Again');
  await expect(page.locator('.prose')).toHaveCount(2);
  await expectStatus(page, 'complete');
  await expect(page.locator('.prose').last()).toContainText('Here is a short answer.');
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await expect(page.getByText('Own settings')).toBeHidden();
});

test('each value says where it comes from, and can be given back', async ({ page }) => {
  const defaults = await openDefaults(page);
  await parameter(defaults, 'top_p').getByRole('textbox').fill('0.5');
  await closeSaved(page, defaults);
  const own = await openOwn(page);
  await openSections(own);
  const topP = parameter(own, 'top_p');
  const longest = parameter(own, 'max_new_tokens');
  await expect(topP.getByRole('textbox')).toHaveValue('0.5');
  await expect(topP).toContainText('Your defaults');
  await expect(longest).toContainText('Scripted');
  await expect(parameter(own, 'seed')).toContainText('Random');
  await topP.getByRole('slider').fill('0.8');
  await expect(topP.getByRole('textbox')).toHaveValue('0.8');
  await expect(topP).toContainText('This conversation');
  await longest.getByRole('textbox').fill('100');
  await topP.getByRole('button', { name: 'Reset Top P' }).click();
  await expect(topP.getByRole('textbox')).toHaveValue('0.5');
  await expect(topP).toContainText('Your defaults');
  await parameter(own, 'seed').getByRole('button', { name: 'Draw one' }).click();
  await expect(parameter(own, 'seed').getByRole('textbox')).toHaveValue(/^\d+$/u);
  await own.getByRole('button', { name: 'Reset all parameters' }).click();
  await expect(longest).toContainText('Scripted');
  await expect(parameter(own, 'seed').getByRole('textbox')).toHaveValue('');
  await expect(parameter(own, 'typical_p').getByRole('slider')).toBeDisabled();
  await expect(parameter(own, 'typical_p')).toContainText('Scripted does not know it');
});

test('two tabs change different things at once, and neither loses', async ({ page, context, server }) => {
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  const second = await context.newPage();
  await second.goto(page.url());
  const [here, there] = [await openOwn(page), await openOwn(second)];
  await parameter(here, 'temperature').getByRole('textbox').fill('0.3');
  await parameter(there, 'top_p').getByRole('textbox').fill('0.4');
  await expect(parameter(there, 'temperature').getByRole('textbox')).toHaveValue('0.3');
  await expect(parameter(here, 'top_p').getByRole('textbox')).toHaveValue('0.4');
  await page.keyboard.press('Escape');
  await second.keyboard.press('Escape');
  const [defaults, others] = [await openDefaults(page), await openDefaults(second)];
  await defaults.getByRole('textbox', { name: 'System prompt' }).fill('From the first tab.');
  await expect(others.getByRole('textbox', { name: 'System prompt' })).toHaveValue('From the first tab.');
  await openSections(others);
  await openSections(defaults);
  await parameter(others, 'seed').getByRole('textbox').fill('5');
  await expect(parameter(defaults, 'seed').getByRole('textbox')).toHaveValue('5');
  await closeSaved(page, defaults);
  const stored: unknown = await (await fetch(`${server.url}/api/settings`)).json();
  expect(stored).toEqual({ systemPrompt: 'From the first tab.', parameters: { seed: 5 } });
});

test('a wrong value says what is allowed, stays as it was typed, and is not kept', async ({
  page,
  server,
}) => {
  const dialog = await openDefaults(page);
  const temperature = parameter(dialog, 'temperature');
  await temperature.getByRole('textbox').fill('0.7');
  await temperature.getByRole('textbox').fill('12');
  await expect(temperature.getByRole('alert')).toContainText('A number from 0 to 5.');
  await page.keyboard.press('Tab');
  await expect(temperature.getByRole('textbox')).toHaveValue('12');
  await expect(temperature.getByRole('textbox')).toHaveAttribute('aria-invalid', 'true');
  await temperature.getByRole('textbox').fill('1,5');
  await expect(temperature.getByRole('alert')).toBeHidden();
  await closeSaved(page, dialog);
  const stored: unknown = await (await fetch(`${server.url}/api/settings`)).json();
  expect(stored).toEqual({ parameters: { temperature: 1.5 } });
});

test('what cannot be saved is kept and said, and saved again on request', async ({ page, server }) => {
  await page.route('**/api/settings', (route) => route.abort());
  const dialog = await openDefaults(page);
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill('Not lost.');
  await expect(dialog.getByText('Not saved yet.')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'System prompt' })).toHaveValue('Not lost.');
  await page.unroute('**/api/settings');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await closeSaved(page, dialog);
  const stored: unknown = await (await fetch(`${server.url}/api/settings`)).json();
  expect(stored).toEqual({ systemPrompt: 'Not lost.' });
});

test('what is typed last is kept when the page goes at once', async ({ page, server }) => {
  const dialog = await openDefaults(page);
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill('Typed last.');
  await page.goto(`${server.url}/healthz`);
  const stored = async () => (await fetch(`${server.url}/api/settings`)).json() as Promise<unknown>;
  await expect.poll(stored).toEqual({ systemPrompt: 'Typed last.' });
});

test('theme and text size are there before the page runs, and reach messages alone', async ({
  page,
  context,
}) => {
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  const sizeOf = (selector: string) =>
    page
      .locator(selector)
      .last()
      .evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  const [before, heading] = [await sizeOf('.prose'), await sizeOf('nav h2')];
  await openSettings(page);
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: 'Larger' }).check();
  await page.keyboard.press('Escape');
  expect((await sizeOf('.prose')) / before).toBeCloseTo(1.35, 2);
  expect(await sizeOf('nav h2')).toBe(heading);
  // Without any of the page's own script: what is seen first is already right.
  const bare = await context.newPage();
  await bare.route('**/_app/**/*.js', (route) => route.abort());
  await bare.goto(page.url());
  const html = bare.locator('html');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect(html).toHaveAttribute('data-text-size', 'larger');
  const size = (element: Element) => parseFloat(getComputedStyle(element).fontSize);
  expect((await bare.locator('textarea').evaluate(size)) / before).toBeCloseTo(1.35, 2);
  expect(await html.evaluate((element) => getComputedStyle(element).colorScheme)).toBe('dark');
});

test('Enter sends or makes a line, as chosen, in all tabs of this browser', async ({
  page,
  context,
  server,
}) => {
  const second = await context.newPage();
  await second.goto(server.url);
  await openSettings(page);
  await page.getByRole('tab', { name: 'Writing' }).click();
  await page.getByRole('radio', { name: 'Ctrl and Enter send' }).check();
  await page.keyboard.press('Escape');
  for (const one of [page, second]) {
    await composer(one).fill('one');
    await composer(one).press('Enter');
    await composer(one).pressSequentially('two');
    await expect(composer(one)).toHaveValue('one\ntwo');
    await composer(one).press('ControlOrMeta+Enter');
    await expectStatus(one, 'complete');
  }
});
