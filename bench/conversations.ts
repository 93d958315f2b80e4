import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { browserArgs, browserPath } from '../e2e/browser';
import { seedConversations } from '../e2e/seed';
import { TestServer } from '../e2e/server';
import { printTable } from './table';
import { heapMb, watchTasks } from './watch-page';

// `npm run bench -- conversations`: the list and the search with ten thousand conversations, in a real browser.

const count = 10_000;
const samples = 9;
const rows: string[][] = [];
const server = await TestServer.start();
await server.kill('SIGTERM');
seedConversations(server.dataDir, count);
await server.launch();
const browser = await chromium.launch({ executablePath: await browserPath(), args: browserArgs });
try {
  rows.push(['a page of the list', await answered('/api/conversations')]);
  for (const words of ['number', 'n', 'whole number 99', '"a whole one"']) {
    rows.push([`search: ${words}`, await answered(`/api/search?q=${encodeURIComponent(words)}`)]);
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const tasks = await watchTasks(page);
  const note = async (what: string) =>
    rows.push([`${what}: longest task`, `${String(await tasks.longest())} ms`]);
  const startedAt = Date.now();
  await page.goto(server.url, { waitUntil: 'commit' });
  await page.getByRole('link', { name: 'Conversation 0', exact: true }).waitFor();
  rows.push(['opening to the list on screen', `${String(Date.now() - startedAt)} ms`]);
  await note('opening');
  const scrolledMs = await scrollToEnd(page);
  rows.push(['scrolling through all of them', `${(scrolledMs / 1000).toFixed(1)} s`]);
  await note('scrolling to the end, page by page');
  await jump(page);
  await note('jumping through all of them');
  await page.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially('some words, and more');
  await note('typing beside them');
  await page.keyboard.press('ControlOrMeta+k');
  await note('opening the palette');
  rows.push(['heap with all of them loaded', `${(await heapMb(page)).toFixed(1)} MB`]);
} finally {
  await browser.close();
  await server.stop();
  printTable([['', 'Parlance'], ...rows]);
}

/** The middle of several answers of the API, in milliseconds. */
async function answered(path: string): Promise<string> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const startedAt = performance.now();
    const response = await fetch(server.url + path);
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
