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
