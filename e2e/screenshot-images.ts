import type { Page } from 'playwright-core';

/** A landscape that a canvas draws: a sky, a sun and hills, in a colour of its own. */
async function landscape(page: Page, hue: number, width = 1200, height = 800): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([hue, width, height]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d');
      if (!context) throw new Error('No canvas.');
      const sky = context.createLinearGradient(0, 0, 0, height);
      sky.addColorStop(0, `hsl(${hue} 70% 45%)`);
      sky.addColorStop(1, `hsl(${hue + 40} 80% 85%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'hsl(48 100% 80%)';
      context.beginPath();
      context.arc(width * 0.7, height * 0.35, height * 0.12, 0, 7);
      context.fill();
      for (const layer of [0, 1, 2]) {
        context.fillStyle = `hsl(${hue + 90} 30% ${40 - layer * 10}%)`;
        context.beginPath();
        context.moveTo(0, height);
        for (let x = 0; x <= width; x += 10) {
          context.lineTo(
            x,
            height * (0.6 + layer * 0.12) + Math.sin(x / (150 - layer * 30) + layer * 2) * height * 0.06,
          );
        }
        context.lineTo(width, height);
        context.fill();
      }
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [hue, width, height] as const,
  );
  return Buffer.from(base64, 'base64');
}

async function attach(page: Page, count: number): Promise<void> {
  const files = [];
  for (const [index, name] of ['coast.png', 'evening in the hills.png', 'tower.png']
    .slice(0, count)
    .entries()) {
    const buffer = await landscape(page, 200 - index * 80, index === 2 ? 500 : 1200, 800);
    files.push({ name, mimeType: 'image/png', buffer });
  }
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach images' }).click();
  await (await chooser).setFiles(files);
  await page
    .locator('[data-attachment=ready]')
    .nth(count - 1)
    .waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send message' }).click();
  await page.locator('[data-message-role="assistant"][data-status="complete"]').last().waitFor();
}

/** The states of the page that have images. */
export const imageStates = {
  attached: async (page: Page) => {
    await attach(page, 3);
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Where were these taken?');
  },
  unseen: async (page: Page) => {
    await attach(page, 2);
    await page.getByTitle('Choose a model').click();
    await page.getByRole('option').filter({ hasText: 'Another 3B' }).click();
  },
  images: async (page: Page) => {
    await attach(page, 1);
    await say(page, 'Where was this taken?');
    await attach(page, 3);
    await say(page, 'And these?');
  },
  'edit-images': async (page: Page) => {
    await attach(page, 3);
    await say(page, 'And these?');
    const user = page.locator('[data-message-role="user"]');
    await user.hover();
    await user.getByRole('button', { name: 'Edit' }).click();
  },
  lightbox: async (page: Page) => {
    await attach(page, 3);
    await say(page, 'And these?');
    await page.getByRole('button', { name: 'Show coast.png' }).click();
  },
  drop: async (page: Page) => {
    await say(page, 'Which cheese goes with pears?');
    const dataTransfer = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'a.png', { type: 'image/png' }));
      return transfer;
    });
    await page.getByRole('main').dispatchEvent('dragenter', { dataTransfer });
  },
};
