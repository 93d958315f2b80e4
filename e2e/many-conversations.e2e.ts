import { expect, test } from '@playwright/test';
import { watch } from './fixtures';
import { composer, sidebar } from './page';
import { seedConversations, seededId } from './seed';
import { TestServer } from './server';

const count = 10_000;

test('ten thousand conversations: all can be scrolled to, few are drawn, the last is found at once', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const server = await TestServer.start();
  await server.kill('SIGTERM');
  seedConversations(server.dataDir, count);
  await server.launch();
  const faults = watch(page, server);
  await page.goto(server.url);
  const rows = sidebar(page).getByRole('listitem');
  await expect(rows.first()).toHaveText(/Conversation 0/u);

  await test.step('search reaches all of them', async () => {
    const field = page.getByRole('textbox', { name: 'Search conversations' });
    await field.fill(`conversation ${String(count - 1)}`);
    await rows.first().getByRole('link').click();
    await expect(page).toHaveURL(`${server.url}/conversation/${seededId(count - 1)}`);
    await expect(page.getByText(`It is the number ${String(count - 1)}, a whole one.`)).toBeVisible();
    await field.press('Escape');
  });

  await test.step('each page follows the one before', async () => {
    const last = sidebar(page).getByRole('link', { name: `Conversation ${String(count - 1)}`, exact: true });
    const scroller = sidebar(page).locator('[data-scroller]');
    await expect
      .poll(
        async () => {
          await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight));
          return last.count();
        },
        { timeout: 120_000, intervals: [25] },
      )
      .toBe(1);
    await expect(last).toHaveAttribute('aria-current', 'page');
    expect(await rows.count()).toBeLessThan(150);
    const sizes = await sidebar(page)
      .locator('li:first-child')
      .evaluateAll((items) => items.map((item) => Number(item.getAttribute('aria-setsize'))));
    expect(Math.max(...sizes)).toBeGreaterThan(1000);
  });

  await test.step('anywhere in between the rows stand in their order without a gap', async () => {
    for (const share of [0.5, 0.1, 0.73, 0]) {
      await sidebar(page)
        .locator('[data-scroller]')
        .evaluate((element, part) => (element.scrollTop = element.scrollHeight * part), share);
      const number = Math.round(count * share);
      const near = sidebar(page).getByRole('link', { name: `Conversation ${String(number)}`, exact: true });
      await expect(near).toHaveCount(1);
      const numbers = await sidebar(page)
        .locator('li a > span:first-child')
        .evaluateAll((titles) => titles.map((title) => Number(title.textContent?.split(' ')[1])));
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    }
    await expect(composer(page)).toBeVisible();
  });
  expect(faults).toEqual([]);
  await server.stop();
});
