import type { Page } from '@playwright/test';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { composer, expectStatus, send } from './page';
import {
  clearDefaults,
  gauge,
  openDefaults,
  openDetails,
  openOwn,
  openSections,
  openSettings,
  parameter,
  settingsDialog,
} from './settings-page';

test.beforeEach(async ({ server }) => clearDefaults(server));

/** Every dialog of the settings in turn, with what may be in it; `look` is called for each. */
async function eachDialog(page: Page, look: () => Promise<void>): Promise<void> {
  await openSettings(page);
  for (const name of ['Appearance', 'Writing', 'Models', 'Answers']) {
    await page.getByRole('tab', { name }).click();
    await look();
  }
  await parameter(settingsDialog(page), 'temperature').getByRole('textbox').fill('99');
  await look();
  await page.keyboard.press('Escape');
  const own = await openOwn(page);
  await look();
  await openSections(own);
  await parameter(own, 'stop').getByRole('textbox').fill('END');
  await page.keyboard.press('Enter');
  await look();
  await page.keyboard.press('Escape');
  const details = await openDetails(page);
  await details.getByRole('button', { name: 'Show the exact prompt' }).click();
  await expect(details.locator('[data-prompt-state]')).toBeVisible();
  await look();
  await page.keyboard.press('Escape');
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any dialog, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(server.url);
    await send(page, 'Hello');
    await expectStatus(page, 'complete');
    await eachDialog(page, async () => expect(await violations(page)).toEqual([]));
    await composer(page).fill('word '.repeat(3500));
    await expect(gauge(page).getByText('Too long: about 3,517')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('a phone of 320 pixels: no dialog is wider than the screen', async ({ page, server }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(server.url);
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await eachDialog(page, async () => {
    const overflow = await page.evaluate(() => {
      const content = document.querySelector('dialog[open] .overflow-y-auto');
      return Math.max(
        document.documentElement.scrollWidth - innerWidth,
        content ? content.scrollWidth - content.clientWidth : Infinity,
      );
    });
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

test('the keyboard alone: open, choose, set, give back, close, and the focus is where it was', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await expect(composer(page)).toBeFocused();
  const dialog = await openDefaults(page);
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('tab', { name: 'Writing' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Answers' })).toHaveAttribute('aria-selected', 'true');
  const press = async (key: string, target: ReturnType<typeof dialog.getByRole>) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press(key);
    }
    await expect(target).toBeFocused();
  };
  const temperature = parameter(dialog, 'temperature');
  await press('Tab', temperature.getByRole('slider'));
  await page.keyboard.press('Home');
  await expect(temperature.getByRole('textbox')).toHaveValue('0');
  await page.keyboard.press('ArrowRight');
  await expect(temperature.getByRole('textbox')).toHaveValue('0.05');
  await press('Shift+Tab', temperature.getByRole('button', { name: 'Reset Temperature' }));
  await page.keyboard.press('Enter');
  await expect(temperature).toContainText('Usual');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(composer(page)).toBeFocused();
});
