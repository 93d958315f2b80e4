import { makePng } from '../src/lib/domain/__fixtures__/png';
import { violations } from './axe';
import { expect, testOn } from './fixtures';
import {
  attach,
  blue,
  fileOf,
  green,
  imageModels,
  noisy,
  paste,
  previews,
  ready,
  thumbnails,
  transferOf,
  transferred,
} from './image-page';
import { answerText, composer, expectStatus, expectWords, send } from './page';

const test = testOn({ MODELS: imageModels });

test('images are attached by the button, by pasting and by dropping, sent, and shown', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await attach(page, fileOf('blue.png', blue), fileOf('green.png', green));
  await expect(ready(page)).toHaveCount(2);
  await paste(page, transferred('noisy.png', noisy));
  await expect(ready(page)).toHaveCount(3);

  const main = page.getByRole('main');
  const dataTransfer = await transferOf(page, [transferred('dropped.png', makePng(50, 50, [200, 60, 60]))]);
  await main.dispatchEvent('dragenter', { dataTransfer });
  await expect(page.getByText('Drop images here')).toBeVisible();
  await main.dispatchEvent('dragover', { dataTransfer });
  await main.dispatchEvent('drop', { dataTransfer });
  await expect(page.getByText('Drop images here')).toBeHidden();
  await expect(ready(page)).toHaveCount(4);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Remove green.png' }).click();
  await expect(previews(page)).toHaveCount(3);
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type('what is this');
  await page.keyboard.press('Enter');
  await expectStatus(page, 'complete');
  expect(await answerText(page)).toContain('I see 3 images');
  expect(await answerText(page)).toContain(`(${String(blue.length)}, ${String(noisy.length)}, `);
  await expect(previews(page)).toHaveCount(0);
  await expect(thumbnails(page)).toHaveCount(3);
  await page.reload();
  await expect(thumbnails(page)).toHaveCount(3);
  const loaded = thumbnails(page).first().getByRole('img');
  await expect.poll(() => loaded.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60);
  expect(await violations(page)).toEqual([]);
});

test('an image alone is a message, which names its conversation; its place is known before it is there', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await attach(page, fileOf('holiday.png', noisy));
  await expect(ready(page)).toHaveCount(1);
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText('holiday');
  const image = thumbnails(page).getByRole('img');
  await expect(image).toBeVisible();
  const there = await image.boundingBox();
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/files/**', async (route) => {
    await held;
    await route.continue();
  });
  // Past the cache of the browser.
  const client = await page.context().newCDPSession(page);
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.reload();
  await expect(image).toBeVisible();
  expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(0);
  expect((await image.boundingBox())?.width).toBe(there?.width);
  expect((await image.boundingBox())?.height).toBe(there?.height);
  release();
});

test('the lightbox: arrows, full size, download, and back to where one was', async ({ page, server }) => {
  await page.goto(server.url);
  await attach(page, fileOf('one.png', makePng(3000, 60)), fileOf('two.png', green));
  await expect(ready(page)).toHaveCount(2);
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  const second = thumbnails(page).nth(1);
  await second.focus();
  await page.keyboard.press('Enter');
  const lightbox = page.getByRole('dialog', { name: 'Image: two.png' });
  await expect(lightbox).toContainText('2 of 2');
  await expect(lightbox).toContainText('40 × 60');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowRight');
  const first = page.getByRole('dialog', { name: 'Image: one.png' });
  // The longest side that the model takes.
  await expect(first).toContainText('2048 × 41');
  const picture = first.getByRole('img');
  const widthOf = async () => (await picture.boundingBox())?.width ?? 0;
  const fitted = await widthOf();
  expect(fitted).toBeLessThanOrEqual(1280);
  await page.getByRole('button', { name: 'Full size' }).click();
  await expect.poll(widthOf).toBe(2048);
  await page.getByRole('button', { name: 'Fit to the window' }).click();
  await expect.poll(widthOf).toBe(fitted);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('one.png');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(second).toBeFocused();
});

test('an edit keeps the images, a fork shows them, and a retry sends them again', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await attach(page, fileOf('blue.png', blue));
  await expect(ready(page)).toHaveCount(1);
  await send(page, 'before');
  await expectStatus(page, 'complete');
  const user = page.locator('[data-message-role=user]');
  await user.hover();
  await user.getByRole('button', { name: 'Edit' }).click();
  await expect(thumbnails(page)).toHaveCount(1);
  await page.getByRole('textbox', { name: 'Edit text' }).fill('after');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-message-role=assistant]')).toContainText('You said after');
  expect(await answerText(page)).toContain('I see 1 images');
  await page.getByRole('button', { name: 'Retry', exact: true }).first().click();
  await expect(page.getByText('2 / 2').last()).toBeVisible();
  await expectStatus(page, 'complete');
  expect(await answerText(page)).toContain('I see 1 images');
  await page.locator('[data-message-role=assistant]').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Fork' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText('(fork)');
  await expect(thumbnails(page)).toHaveCount(1);
});

test('an edit takes an image away, and the version before keeps it', async ({ page, server }) => {
  await page.goto(server.url);
  await attach(page, fileOf('blue.png', blue), fileOf('green.png', green));
  await expect(ready(page)).toHaveCount(2);
  await send(page, 'both');
  await expectStatus(page, 'complete');
  const user = page.locator('[data-message-role=user]');
  await user.hover();
  await user.getByRole('button', { name: 'Edit' }).click();
  await user.getByRole('button', { name: 'Remove blue.png' }).click();
  await expect(page.getByRole('textbox', { name: 'Edit text' })).toBeFocused();
  await expect(thumbnails(page)).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await user.getByRole('button', { name: 'Cancel' }).click();
  await expect(thumbnails(page)).toHaveCount(2);
  await user.getByRole('button', { name: 'Edit' }).click();
  await user.getByRole('button', { name: 'Remove blue.png' }).click();
  await page.getByRole('textbox', { name: 'Edit text' }).fill('one');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-message-role=assistant]')).toContainText('You said one');
  expect(await answerText(page)).toContain('I see 1 images');
  await expect(thumbnails(page)).toHaveAccessibleName('Show green.png');
  await user.getByRole('button', { name: 'Previous version' }).click();
  await expect(thumbnails(page)).toHaveCount(2);
});

test('a message that waits keeps its images', async ({ page, server }) => {
  await page.goto(server.url);
  await send(page, 'slow please');
  await expectWords(page, 3);
  await attach(page, fileOf('blue.png', blue));
  await expect(ready(page)).toHaveCount(1);
  await composer(page).press('Enter');
  await expect(page.locator('[data-queued-message]')).toContainText('1 image');
  await page.reload();
  await expect(page.locator('[data-queued-message]')).toContainText('1 image');
  await page.getByRole('button', { name: 'Stop generating' }).click();
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect(page.locator('[data-message-role=assistant]').last()).toContainText('I see 1 images');
});
