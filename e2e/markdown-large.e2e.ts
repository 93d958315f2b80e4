import type { Page } from '@playwright/test';
import { expect, testWith } from './fixtures';
import { answers, expectStatus, lastAnswer, send } from './page';

const paragraph = 'Paragraph {n} with **bold** words, `code` and a [link](https://example.com/{n}).\n\n';
const code = '```js\n' + 'const value={n};//a_line_of_code\n'.repeat(12) + '```';
/** 36 lines a time. */
const mixed = (times: number) => ({
  text: '',
  repeat: { text: paragraph.repeat(10) + code + '\n\n', times },
});

const test = testWith([
  { when: 'short', text: 'Short.' },
  { when: 'twice', ...mixed(556) },
  { when: 'once', ...mixed(278) },
  {
    when: 'fence',
    text: '```text',
    repeat: { text: '\nconst value{n}=compute({n},"text"); // line', times: 20_000 },
  },
]);

interface Work {
  lines: number;
  busyMs: number;
}

/** What the page works to open the conversation that it shows, from the first byte until nothing more is drawn. */
async function openingWork(page: Page): Promise<Work> {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.reload();
  const lines = () => lastAnswer(page).evaluate((element) => element.querySelectorAll('.prose-block').length);
  let last = -1;
  await expect
    .poll(
      async () => {
        const before = last;
        last = await lines();
        return last > 0 && last === before;
      },
      { intervals: [500], timeout: 40_000 },
    )
    .toBe(true);
  const { metrics } = await client.send('Performance.getMetrics');
  const busy = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
  const seconds = metrics
    .filter(({ name }) => busy.includes(name))
    .reduce((sum, { value }) => sum + value, 0);
  await client.detach();
  return { lines: last, busyMs: seconds * 1000 };
}

async function ask(page: Page, url: string, words: string): Promise<void> {
  await page.goto(url);
  await send(page, words);
  await expectStatus(page, 'complete');
  // The address follows the first message a moment later; a reload before that would open a new chat.
  await expect(page).toHaveURL(/\/conversation\//u);
}

test('an answer of 20,000 lines opens in small steps, and is whole', async ({ page, server }) => {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
    Object.assign(globalThis, { tasks });
  });
  await ask(page, server.url, 'once');
  const once = await openingWork(page);
  await ask(page, server.url, 'twice');
  const twice = await openingWork(page);
  expect(once.lines).toBe(278 * 11);
  expect(twice.lines).toBe(556 * 11);
  expect(twice.busyMs / once.busyMs).toBeLessThan(3);
  // One step of all would be most of the work; how long a step takes depends on who else uses this machine.
  const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
  expect(Math.max(0, ...tasks)).toBeLessThan(1000);
  // Out of sight, but there for find-in-page: `auto` hides nothing from it.
  const group = lastAnswer(page).locator('.prose-group', { hasText: 'Paragraph 123 with' }).first();
  await expect(group).toHaveCSS('content-visibility', 'auto');
});

test('a fence of 20,000 lines is only added to while it is written', async ({ page, server }) => {
  await page.addInitScript(() => {
    const changes = { added: 0, removed: 0 };
    new MutationObserver((mutations) => {
      for (const { target, addedNodes, removedNodes } of mutations) {
        if (!(target instanceof Element) || !target.closest('.prose')) continue;
        changes.added += addedNodes.length;
        changes.removed += removedNodes.length;
      }
    }).observe(document, { subtree: true, childList: true });
    Object.assign(globalThis, { changes });
  });
  // The first message of a conversation changes the page; the fence comes into one that stays.
  await ask(page, server.url, 'short');
  await send(page, 'fence');
  await expect(answers(page)).toHaveCount(2);
  await expectStatus(page, 'complete');
  const { added, removed } = await page.evaluate(
    () => (globalThis as unknown as { changes: Record<'added' | 'removed', number> }).changes,
  );
  // 199 full pieces of 100 lines and the last: each is a text that is put into a piece when it is full.
  expect(added).toBeLessThan(1000);
  expect(removed).toBeLessThan(600);
  const pieces = lastAnswer(page).locator('.code-chunk');
  await expect(pieces).toHaveCount(199);
  expect(
    (
      await lastAnswer(page)
        .locator('code')
        .evaluate((element) => element.textContent)
    ).split('\n'),
  ).toHaveLength(20_000);
  await expect(pieces.first()).toHaveCSS('content-visibility', 'auto');
});
