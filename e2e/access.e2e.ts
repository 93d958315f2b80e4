import { violations } from './axe';
import { expect, test } from './fixtures';
import { composer, expectStatus, expectWords, lastAnswer, send, sidebar } from './page';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}: welcome, streaming, answered, failed`, async ({
    page,
    server,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(server.url);
    await expect(composer(page)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await send(page, 'slow please');
    await expectWords(page, 5);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expectStatus(page, 'stopped');
    await send(page, 'markdown please');
    await expectStatus(page, 'complete');
    expect(await violations(page)).toEqual([]);
    await send(page, 'fail please');
    await expectStatus(page, 'failed');
    expect(await violations(page)).toEqual([]);
  });
}

test('a phone of 320 pixels: nothing is wider than the screen, and the conversations are in a drawer', async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(server.url);
  await send(page, 'markdown please');
  await expectStatus(page, 'complete');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expect(sidebar(page)).toBeHidden();
  await page
    .getByRole('button', { name: /conversations|sidebar|menu/iu })
    .first()
    .click();
  await expect(sidebar(page)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(sidebar(page)).toBeHidden();
});

test('the keyboard alone: write, send, stop, start a new chat', async ({ page, server }) => {
  await page.goto(server.url);
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type('slow please');
  await page.keyboard.press('Enter');
  await expectWords(page, 5);
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  const newChat = page.getByRole('link', { name: 'New chat' }).first();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await newChat.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Shift+Tab');
  }
  await expect(newChat).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(lastAnswer(page)).toHaveCount(0);
});

test('at 200 % zoom everything is reached and nothing is cut off', async ({ browser, server }) => {
  // A window of 1280 by 800 at 200 % lays out 640 by 400.
  const context = await browser.newContext({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.goto(server.url);
  await send(page, 'markdown please');
  await expectStatus(page, 'complete');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expect(composer(page)).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: 'Send message' })).toBeInViewport({ ratio: 1 });
  const shown = await page.getByRole('region', { name: 'Conversation messages' }).locator('..').boundingBox();
  expect(shown?.height ?? 0).toBeGreaterThan(100);
  expect(await violations(page)).toEqual([]);
  await context.close();
});

test('who asked for less motion gets none', async ({ page, server }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 3);
  const moving = await page.evaluate(
    () =>
      document
        .getAnimations()
        .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration ?? 0) > 10).length,
  );
  expect(moving).toBe(0);
  await page.keyboard.press('Escape');
});

test('with forced colours every button has an edge and the running dot is seen', async ({ page, server }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 3);
  const bare = await page
    .getByRole('button')
    .evaluateAll((buttons) =>
      buttons
        .filter((button) => button.checkVisibility() && getComputedStyle(button).borderTopStyle === 'none')
        .map((button) => button.getAttribute('aria-label') ?? button.textContent),
    );
  expect(bare).toEqual([]);
  const dot = sidebar(page).getByText('An answer is being written').locator('..');
  await expect(dot).toHaveCSS('border-top-style', 'solid');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('text from right to left reads from right to left, in both kinds of messages', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await send(page, 'שלום עולם');
  await expectStatus(page, 'complete');
  const directionOf = (text: string | RegExp) =>
    page
      .getByRole('region', { name: 'Conversation messages' })
      .getByText(text)
      .first()
      .evaluate((element) => getComputedStyle(element).direction);
  expect(await directionOf('שלום עולם')).toBe('rtl');
  await send(page, 'arabic please');
  await expectStatus(page, 'complete');
  expect(await directionOf(/مرحبا/u)).toBe('rtl');
});

test('a streamed answer is announced in whole sentences, each once', async ({ page, server }) => {
  await page.goto(server.url);
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver(() => {
      const text = document.querySelector('[aria-live="polite"]')?.textContent?.trim() ?? '';
      if (text !== '' && said.at(-1) !== text) said.push(text);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await send(page, 'sentences please');
  await expectStatus(page, 'complete');
  const said = () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  await expect.poll(async () => (await said()).join(' ')).toBe('The first one. The second one. And the last');
  for (const sentence of (await said()).slice(0, -1)) expect(sentence).toMatch(/\.$/u);
});

test('the focus stays where the reader is while an answer is written', async ({ page, server }) => {
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 3);
  await expect(composer(page)).toBeFocused();
  const link = page.getByRole('link', { name: 'New chat' }).first();
  await link.focus();
  await expectWords(page, 10);
  await expect(link).toBeFocused();
  await page.keyboard.press('Escape');
  await expectStatus(page, 'stopped');
  await expect(link).toBeFocused();
});
