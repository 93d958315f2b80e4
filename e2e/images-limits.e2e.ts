import { violations } from './axe';
import { expect, testOn, watch } from './fixtures';
import {
  attach,
  blue,
  fileOf,
  green,
  imageModels,
  noisy,
  paste,
  ready,
  thumbnails,
  transferred,
} from './image-page';
import { chooseModel } from './models-page';
import { answerText, composer, expectStatus, send } from './page';
import { TestServer } from './server';

const test = testOn({ MODELS: imageModels });

test('a model that cannot see says so before anything is sent, and nothing is lost', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  await chooseModel(page, 'Blind');
  const notice = page.getByText('Blind cannot see images: choose another model or remove it.');
  await page.getByRole('button', { name: 'Attach images' }).click();
  await expect(page.getByText('Blind cannot see images. To attach some')).toBeVisible();
  await paste(page, transferred('blue.png', blue));
  await expect(notice).toBeVisible();
  await composer(page).fill('look');
  await composer(page).press('Enter');
  await expect(page.getByRole('button', { name: 'Send message' })).toBeDisabled();
  await expect(page).toHaveURL(`${server.url}/`);
  expect(await violations(page)).toEqual([]);
  await chooseModel(page, 'Sees');
  await expect(notice).toBeHidden();
  await composer(page).press('Enter');
  await expectStatus(page, 'complete');
  expect(await answerText(page)).toContain('I see 1 images');

  await chooseModel(page, 'Blind');
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
  await chooseModel(page, 'Small eyes');
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

test('an image is seen by nobody else', async ({ browser }) => {
  const server = await TestServer.start({ MODELS: imageModels, ACCESS: 'anonymous' });
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
