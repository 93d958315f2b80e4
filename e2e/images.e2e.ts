import type { Locator, Page } from '@playwright/test';
import { makePng } from '../src/lib/domain/__fixtures__/png';
import { violations } from './axe';
import { expect, testOn, watch } from './fixtures';
import { answerText, composer, expectStatus, expectWords, send } from './page';
import { TestServer } from './server';

const replies = [
  {
    when: 'slow',
    text: Array.from({ length: 300 }, (_, index) => `w${String(index)}`).join(' '),
    tokensPerSecond: 20,
  },
  { text: 'I see {images}. You said {input}.' },
];
const MODELS = JSON.stringify([
  { id: 'sees', name: 'Sees', backend: { type: 'scripted', replies, images: true }, contextLength: 100_000 },
  {
    id: 'small',
    name: 'Small eyes',
    backend: { type: 'scripted', replies, images: { maxCount: 2, maxPixels: 64, maxBytes: 9000 } },
    contextLength: 100_000,
  },
  { id: 'blind', name: 'Blind', backend: { type: 'scripted', replies }, contextLength: 100_000 },
]);
const test = testOn({ MODELS });

const blue = makePng(60, 40);
const green = makePng(40, 60, [60, 160, 80]);
const noisy = makePng(300, 200, [10, 20, 30], 1);
const fileOf = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });
const previews = (page: Page): Locator =>
  page.getByRole('list', { name: 'Attached images' }).getByRole('listitem');
const ready = (page: Page): Locator => page.locator('[data-attachment=ready]');
const thumbnails = (page: Page): Locator =>
  page.locator('[data-message-role=user]').getByRole('button', { name: /^Show / });

async function attach(page: Page, ...files: ReturnType<typeof fileOf>[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach images' }).click(),
  ]);
  expect(chooser.isMultiple()).toBe(true);
  await chooser.setFiles(files);
}

const chooseModel = (page: Page, id: string) =>
  page.getByRole('combobox', { name: 'Model' }).selectOption(id);

/** What a page has of files that come by the clipboard or are dragged. */
function transferOf(page: Page, files: { name: string; type: string; base64: string }[]) {
  return page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, files);
}

const transferred = (name: string, bytes: Buffer, type = 'image/png') => ({
  name,
  type,
  base64: bytes.toString('base64'),
});

async function paste(page: Page, ...files: ReturnType<typeof transferred>[]): Promise<void> {
  const clipboardData = await transferOf(page, files);
  await composer(page).evaluate(
    (field, data) =>
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      ),
    clipboardData,
  );
}

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

test('a model that cannot see says so before anything is sent, and nothing is lost', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await chooseModel(page, 'blind');
  const notice = page.getByText('Blind cannot see images: choose another model or remove it.');
  await page.getByRole('button', { name: 'Attach images' }).click();
  await expect(page.getByText('Blind cannot see images. Choose a model that can')).toBeVisible();
  await paste(page, transferred('blue.png', blue));
  await expect(notice).toBeVisible();
  await composer(page).fill('look');
  await composer(page).press('Enter');
  await expect(page.getByRole('button', { name: 'Send message' })).toBeDisabled();
  await expect(page).toHaveURL(`${server.url}/`);
  expect(await violations(page)).toEqual([]);
  await chooseModel(page, 'sees');
  await expect(notice).toBeHidden();
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  expect(await answerText(page)).toContain('I see 1 images');

  await chooseModel(page, 'blind');
  await send(page, 'and now');
  await expect(page.getByText('This model cannot see images: 1 image of this conversation')).toBeVisible();
  await expectStatus(page, 'complete');
  expect(await answerText(page)).toContain('I see 0 images');
});

test('images are made to fit the model, also when another one is chosen; a photograph loses where it was taken', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  // What a camera writes: the browser draws it, and GPS data is put in as its camera would.
  const jpeg = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 200;
    canvas.height = 100;
    const context = canvas.getContext('2d');
    context?.fillRect(0, 0, 100, 100);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
  });
  // Exif: little endian, one entry, orientation 6 (turn it right); then words that stand for a place.
  const tiff = Buffer.from('49492a0008000000010012010300010000000600000000000000', 'hex');
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from('SECRET PLACE')]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(exif.length + 2);
  const photo = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe1]),
    size,
    exif,
    Buffer.from(jpeg).subarray(2),
  ]);
  await attach(
    page,
    { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo },
    fileOf('noisy.png', noisy),
  );
  await expect(ready(page)).toHaveCount(2);
  await chooseModel(page, 'small');
  await expect(ready(page)).toHaveCount(2);
  const partsOf = () =>
    page.evaluate(
      () =>
        JSON.parse(localStorage.getItem('parlance:images:new') ?? '[]') as {
          fileId: string;
          width: number;
          height: number;
        }[],
    );
  await expect
    .poll(async () => (await partsOf()).map(({ width, height }) => [width, height]))
    .toEqual([
      [32, 64],
      [64, 43],
    ]);
  const [kept] = await partsOf();
  const response = await page.request.get(`${server.url}/api/files/${kept?.fileId ?? ''}`);
  const bytes = await response.body();
  expect(bytes.includes('SECRET')).toBe(false);
  expect(bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]))).toBe(true);
  expect(response.headers()).toMatchObject({
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'content-disposition': /^inline; filename="photo.jpg"/u.exec(
      response.headers()['content-disposition'] ?? '',
    )?.input,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=31536000, immutable',
  });
  await paste(page, transferred('third.png', green));
  await expect(page.getByText('Small eyes takes at most 2 images in a message')).toBeVisible();
});

test('what is no image, and what does not get through, says so at its place; a draft survives a reload', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await paste(
    page,
    transferred('evil.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'),
  );
  await expect(page.getByText('This is not a JPEG, PNG, WebP or GIF image.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove evil.svg' }).click();
  let isBroken = true;
  await page.route('**/api/files?**', (route) => (isBroken ? route.abort() : route.continue()));
  await attach(page, fileOf('blue.png', blue));
  await expect(page.getByText('It could not be sent to the server. Try again.')).toBeVisible();
  await expect(page.getByText('The image did not get through: try again, or remove it.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send message' })).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  isBroken = false;
  await page.getByRole('button', { name: 'Try again: blue.png' }).click();
  await expect(ready(page)).toHaveCount(1);
  await page.reload();
  await expect(ready(page)).toHaveCount(1);
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  expect(await answerText(page)).toContain(`I see 1 images (${String(blue.length)} bytes)`);
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

test('an image is seen by nobody else', async ({ browser }) => {
  const server = await TestServer.start({ MODELS, ACCESS: 'anonymous' });
  const [ann, eve] = [await browser.newContext(), await browser.newContext()];
  const page = await ann.newPage();
  const faults = watch(page, server);
  await page.goto(server.url);
  await attach(page, fileOf('blue.png', blue));
  await expect(ready(page)).toHaveCount(1);
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  const address = (await thumbnails(page).getByRole('img').getAttribute('src')) ?? '';
  expect((await ann.request.get(server.url + address)).status()).toBe(200);
  const other = await eve.newPage();
  await other.goto(server.url);
  expect((await eve.request.get(server.url + address)).status()).toBe(404);
  const id = address.split('/').at(-1) ?? '';
  const stolen = await eve.request.post(`${server.url}/api/files?id=${id}&name=x.png`, {
    headers: { origin: server.url, 'content-type': 'image/png' },
    data: green,
  });
  expect(stolen.status(), 'her own under the same id').toBe(200);
  expect((await (await ann.request.get(server.url + address)).body()).equals(blue)).toBe(true);
  expect(faults).toEqual([]);
  await Promise.all([ann.close(), eve.close()]);
  await server.stop();
});
