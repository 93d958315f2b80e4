import { chromium, type Page } from 'playwright-core';
import { browserArgs, browserPath } from '../e2e/browser';
import { TestServer } from '../e2e/server';

export interface ScreenResult {
  bytes: number;
  requests: number;
  /** From the Enter key to the first visible character of the answer; one of each sample. */
  enterToTextMs: number[];
  /** From the writing of a token on the server to the frame that shows it. */
  tokenToScreenMs: number[];
}

/** What the page itself measured of one answer. */
interface Measured {
  enterToTextMs: number;
  tokenToScreenMs: number[];
}

const samples = 15;

/** What a reader of the real page sees, in a real browser. */
export async function onScreen(): Promise<ScreenResult> {
  const text = Array.from({ length: 60 }, () => '{time}').join(' ');
  const backend = { type: 'scripted', replies: [{ text, tokensPerSecond: 20 }] };
  const server = await TestServer.start({ MODELS: JSON.stringify([{ id: 'scripted', backend }]) });
  const browser = await chromium.launch({ executablePath: await browserPath(), args: browserArgs });
  const page = await browser.newPage();
  const { bytes, requests } = await firstView(page, server.url);
  const result: ScreenResult = { bytes, requests, enterToTextMs: [], tokenToScreenMs: [] };
  for (let sample = 0; sample <= samples; sample += 1) {
    await page.goto(server.url);
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Go');
    const measured = await measure(page);
    // The first answer warms the server and the browser up.
    if (sample === 0) continue;
    result.enterToTextMs.push(measured.enterToTextMs);
    result.tokenToScreenMs.push(...measured.tokenToScreenMs);
  }
  await browser.close();
  await server.stop();
  return result;
}

/** What the first view of the page loads; bytes as they came over the wire. */
export async function firstView(page: Page, url: string): Promise<{ bytes: number; requests: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  session.on('Network.requestWillBeSent', () => (requests += 1));
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(url);
  await page.waitForTimeout(2000);
  await session.detach();
  return { bytes, requests };
}

/** Presses Enter and watches the answer in the page itself, until 40 tokens were seen. */
async function measure(page: Page): Promise<Measured> {
  await page.evaluate(() => {
    const state = { enteredAt: 0, enterToTextMs: 0, tokenToScreenMs: [] as number[] };
    Object.assign(globalThis, { measured: state });
    addEventListener('keydown', ({ key }) => key === 'Enter' && (state.enteredAt = Date.now()), {
      capture: true,
    });
    let seen = 0;
    const look = () => {
      const answer = document.querySelector('[data-message-role="assistant"]')?.textContent ?? '';
      const times = [...answer.matchAll(/\b1\d{12}\b/gu)].map(([time]) => Number(time));
      if (times.length > seen) {
        if (seen === 0) state.enterToTextMs = Date.now() - state.enteredAt;
        state.tokenToScreenMs.push(...times.slice(seen).map((time) => Date.now() - time));
        seen = times.length;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => (globalThis as unknown as { measured: Measured }).measured.tokenToScreenMs.length >= 40,
  );
  return page.evaluate(() => (globalThis as unknown as { measured: Measured }).measured);
}
