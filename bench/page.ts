import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { browserArgs, browserPath } from '../e2e/browser';
import { TestServer } from '../e2e/server';
import { withManyConversations } from './conversations';
import { talk } from './converse';
import { printTable } from './table';
import { firstView } from './screen';
import { heapMb, watchTasks } from './watch-page';

// `npm run bench -- page`: the page with large data, in a real browser. MINUTES shortens the long stream.

const minutes = Number(process.env.MINUTES ?? 10);
const lines = (count: number) =>
  Array.from({ length: count }, (_, line) => `Line ${String(line)} of an answer that has a great many.`);
/** What is asked comes back as the answer. */
const replies = [
  { when: 'word by word', text: '{input}', tokensPerSecond: 50 },
  { text: '{input}', tokensPerSecond: 1e6 },
];
const parameters = { max_new_tokens: 131_072 };
const models = [
  { id: 'scripted', backend: { type: 'scripted', replies }, contextLength: 4_000_000, parameters },
];

const rows: string[][] = [];
const server = await TestServer.start({ MODELS: JSON.stringify(models) });
const browser = await chromium.launch({ executablePath: await browserPath(), args: browserArgs });
try {
  const view = await firstView(await browser.newPage(), server.url);
  rows.push(['first view', `${(view.bytes / 1000).toFixed(0)} kB in ${String(view.requests)} requests`]);
  const large = {
    prose: lines(20_000).join('\n\n'),
    code: `\`\`\`js\n${lines(20_000).join('\n')}\n\`\`\``,
  };
  for (const [kind, text] of Object.entries(large)) {
    const id = await talk(server.url, [text]);
    await look(browser, `20,000 lines of ${kind}`, `${server.url}/conversation/${id}`);
  }
  const long = await talk(
    server.url,
    Array.from({ length: 250 }, (_, turn) => `Question ${String(turn)}`),
  );
  await look(browser, '500 messages', `${server.url}/conversation/${long}`);
  rows.push(...(await withManyConversations(browser)));
  await pasted(browser);
  await streamed(browser);
} finally {
  await browser.close();
  await server.stop();
  printTable([['', 'Parlance'], ...rows]);
}

/** Opens a conversation anew, scrolls through all of it, and types. */
async function look(in_: Browser, name: string, url: string): Promise<void> {
  const page = await in_.newPage();
  const tasks = await watchTasks(page);
  const startedAt = Date.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('[data-message-role="assistant"] .prose > *').last().waitFor();
  rows.push([`${name}: opening to text on screen`, `${String(Date.now() - startedAt)} ms`]);
  rows.push([`${name}: longest task while opening`, `${String(await tasks.longest())} ms`]);
  await scrollThrough(page);
  rows.push([`${name}: longest task while scrolling`, `${String(await tasks.longest())} ms`]);
  await type(page);
  rows.push([`${name}: longest task while typing`, `${String(await tasks.longest())} ms`]);
  await page.close();
}

async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const region = document.querySelector('[aria-label="Conversation messages"]');
    const scroller = region?.parentElement;
    if (!scroller) throw new Error('The page shows no messages.');
    for (let step = 0; step < 60; step += 1) {
      scroller.scrollTop -= scroller.scrollHeight / 60;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
}

async function type(page: Page): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.pressSequentially('What does the longest of these lines say, and why?', { delay: 10 });
}

/** A megabyte from the clipboard, and what is typed beside it. */
async function pasted(in_: Browser): Promise<void> {
  const page = await in_.newPage();
  const tasks = await watchTasks(page);
  await page.goto(server.url);
  await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
  await tasks.longest();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'A line of a very long text.\n'.repeat(35_000));
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  });
  await page.waitForTimeout(500);
  rows.push(['1 MB pasted: longest task', `${String(await tasks.longest())} ms`]);
  await type(page);
  rows.push(['1 MB pasted: longest task while typing beside it', `${String(await tasks.longest())} ms`]);
  await page.keyboard.press('Enter');
  await page.locator('[data-message-role="assistant"][data-status="complete"]').waitFor();
  rows.push(['1 MB sent: longest task', `${String(await tasks.longest())} ms`]);
  await page.close();
}

/** An answer that streams for minutes: the heap after each of them, garbage collected. */
async function streamed(in_: Browser): Promise<void> {
  const page = await in_.newPage();
  const tasks = await watchTasks(page);
  await page.goto(server.url);
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill(`An answer, word by word.\n\n${`${'word '.repeat(60)}\n\n`.repeat(minutes * 50)}`);
  await field.press('Enter');
  await page.waitForTimeout(10_000);
  const first = await heapMb(page);
  await tasks.longest();
  await page.waitForTimeout(minutes * 60_000 - 20_000);
  const last = await heapMb(page);
  const figure = `${first.toFixed(1)} MB after 10 s, ${last.toFixed(1)} MB at the end`;
  rows.push([`${String(minutes)} minutes of streaming: heap`, figure]);
  rows.push([`${String(minutes)} minutes of streaming: longest task`, `${String(await tasks.longest())} ms`]);
  await page.close();
}
