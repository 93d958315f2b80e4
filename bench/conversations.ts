import type { Browser, Page } from 'playwright-core';
import { seedConversations } from '../e2e/seed';
import { TestServer } from '../e2e/server';
import { heapMb, watchTasks } from './watch-page';

const count = 10_000;
const samples = 9;

/** The list and the search with ten thousand conversations: a row for each figure. */
export async function withManyConversations(browser: Browser): Promise<string[][]> {
  const server = await TestServer.start();
  await server.kill('SIGTERM');
  seedConversations(server.dataDir, count);
  await server.launch();
  const rows: string[][] = [];
  const add = (figure: string, value: string) => rows.push([`10,000 conversations: ${figure}`, value]);
  try {
    add('a page of the list', await answered(`${server.url}/api/conversations`));
    for (const words of ['number', 'n', 'whole number 99', '"a whole one"']) {
      add(`search for ${words}`, await answered(`${server.url}/api/search?q=${encodeURIComponent(words)}`));
    }
    await inThePage(await browser.newPage({ viewport: { width: 1280, height: 800 } }), server.url, add);
  } finally {
    await server.stop();
  }
  return rows;
}

async function inThePage(
  page: Page,
  url: string,
  add: (figure: string, value: string) => void,
): Promise<void> {
  const tasks = await watchTasks(page);
  const note = async (what: string) =>
    add(`longest task while ${what}`, `${String(await tasks.longest())} ms`);
  const startedAt = Date.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByRole('link', { name: 'Conversation 0', exact: true }).waitFor();
  add('opening to the list on screen', `${String(Date.now() - startedAt)} ms`);
  await note('opening');
  const scrolledMs = await scrollToEnd(page);
  add('scrolling through all of them', `${(scrolledMs / 1000).toFixed(1)} s`);
  await note('scrolling to the end, page by page');
  await jump(page);
  await note('jumping through all of them');
  await page.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially('some words, and more');
  await note('typing beside them');
  await page.keyboard.press('ControlOrMeta+k');
  await note('opening the palette');
  add('heap with all of them loaded', `${(await heapMb(page)).toFixed(1)} MB`);
  await page.close();
}

/** The middle of several answers of the API, in milliseconds. */
async function answered(url: string): Promise<string> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const startedAt = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return `${(times[samples >> 1] ?? 0).toFixed(1)} ms`;
}

async function scrollToEnd(page: Page): Promise<number> {
  const startedAt = Date.now();
  await page.evaluate(
    async (title) => {
      const scroller = document.querySelector('[data-scroller]');
      if (!scroller) throw new Error('The page has no list.');
      while (![...scroller.querySelectorAll('li')].some((row) => row.textContent?.includes(title))) {
        scroller.scrollTop = scroller.scrollHeight;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    `Conversation ${String(count - 1)}`,
  );
  return Date.now() - startedAt;
}

async function jump(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const scroller = document.querySelector('[data-scroller]');
    if (!scroller) return;
    for (let step = 0; step < 60; step += 1) {
      scroller.scrollTop = (step * 285_319) % scroller.scrollHeight;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
}
