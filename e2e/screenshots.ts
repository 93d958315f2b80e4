import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContextOptions } from 'playwright-core';
import { browserArgs, browserPath } from './browser';
import { showcaseModels, states } from './screenshot-states';
import { TestServer } from './server';

// `npm run screenshots`: every state of the page in light and dark, at a desk and on a phone, for people to look at.
// The pictures go to test-results/screenshots.

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test-results', 'screenshots');
const screens: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: await browserPath(), args: browserArgs });
const wanted = process.env.STATES?.split(',');
for (const [screen, options] of Object.entries(screens)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const server = await TestServer.start({ MODELS: showcaseModels });
    for (const [name, arrange] of Object.entries(states)) {
      if (wanted && !wanted.includes(name)) continue;
      const context = await browser.newContext({ ...options, colorScheme, baseURL: server.url });
      const page = await context.newPage();
      await page.goto(server.url);
      await arrange(page, screen === 'phone');
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${name}-${screen}-${colorScheme}.png`) });
      await context.close();
    }
    await server.stop();
  }
}
await browser.close();
console.log(`The pictures are in ${folder}`);
