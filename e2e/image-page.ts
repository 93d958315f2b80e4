import { expect, type Locator, type Page } from '@playwright/test';
import { makePng } from '../src/lib/domain/__fixtures__/png';
import { composer } from './page';

const replies = [
  {
    when: 'slow',
    text: Array.from({ length: 300 }, (_, index) => `w${String(index)}`).join(' '),
    tokensPerSecond: 20,
  },
  { text: 'I see {images}. You said {input}.' },
];
/** One that sees, one that sees little, and one that sees nothing. */
export const imageModels = JSON.stringify([
  { id: 'sees', name: 'Sees', backend: { type: 'scripted', replies, images: true }, contextLength: 100_000 },
  {
    id: 'small',
    name: 'Small eyes',
    backend: { type: 'scripted', replies, images: { maxCount: 2, maxPixels: 64, maxBytes: 9000 } },
    contextLength: 100_000,
  },
  { id: 'blind', name: 'Blind', backend: { type: 'scripted', replies }, contextLength: 100_000 },
]);
export const blue = makePng(60, 40);
export const green = makePng(40, 60, [60, 160, 80]);
export const noisy = makePng(300, 200, [10, 20, 30], 1);
export const fileOf = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });
export const previews = (page: Page): Locator =>
  page.getByRole('list', { name: 'Attached images' }).getByRole('listitem');
export const ready = (page: Page): Locator => page.locator('[data-attachment=ready]');
export const thumbnails = (page: Page): Locator =>
  page.locator('[data-message-role=user]').getByRole('button', { name: /^Show / });

export async function attach(page: Page, ...files: ReturnType<typeof fileOf>[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach images' }).click(),
  ]);
  expect(chooser.isMultiple()).toBe(true);
  await chooser.setFiles(files);
}

/** What a page has of files that come by the clipboard or are dragged. */
export function transferOf(page: Page, files: { name: string; type: string; base64: string }[]) {
  return page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, files);
}

export const transferred = (name: string, bytes: Buffer, type = 'image/png') => ({
  name,
  type,
  base64: bytes.toString('base64'),
});

export async function paste(page: Page, ...files: ReturnType<typeof transferred>[]): Promise<void> {
  const clipboardData = await transferOf(page, files);
  await composer(page).evaluate(
    (field, data) =>
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      ),
    clipboardData,
  );
}
