import type { Page } from '@playwright/test';
import { hostileTexts } from '../src/lib/markdown/__fixtures__/hostile';
import { expect, testWith } from './fixtures';
import { expectStatus, lastAnswer, send } from './page';

/** Every twentieth, so that all kinds of payloads and places are there; each is a part of its own. */
const hostile = hostileTexts()
  .filter((text, index) => index % 20 === 0 && !text.includes('\u0000'))
  .join('\n\n');

const attack = `\`\`\`mermaid
%%{init: {"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true}}}%%
flowchart LR
  A["<img src=x onerror=parent.postMessage('hacked','*')>"] --> B["<script>hacked()</script>"]
  click A href "javascript:hacked()"
  click B call hacked()
\`\`\`

\`\`\`mermaid
---
config:
  themeCSS: "@import url(https://evil.example/x.css);"
---
sequenceDiagram
  Alice->>Bob: <iframe src="https://evil.example"></iframe>
  link Alice: Home @ javascript:hacked()
\`\`\`
`;

const test = testWith([
  { when: 'hostile', text: hostile, tokens: 'characters', tokensPerSecond: 3000 },
  { when: 'single', text: hostile.slice(0, 400), tokens: 'characters', tokensPerSecond: 50 },
  { when: 'attack', text: attack },
]);

/** Notes every element and attribute that appears, however short, and a call of `hacked` from anywhere. */
async function watchMarkup(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    const bad = /^(?:script|iframe|object|embed|link|style|base|form|input|img|video|audio|template|meta)$/u;
    const look = (node: Node) => {
      if (!(node instanceof Element)) return;
      if (node.closest('.prose') && bad.test(node.localName) && !node.closest('.diagram-picture')) {
        seen.push(node.outerHTML.slice(0, 200));
      }
      for (const { name } of node.attributes)
        if (/^(?:on|style$)/u.test(name)) seen.push(`${node.localName} ${name}`);
      for (const child of node.children) look(child);
    };
    new MutationObserver((mutations) => {
      for (const { target, addedNodes, type } of mutations) {
        if (type === 'attributes' && target instanceof Element && target.closest('.prose')) look(target);
        for (const node of addedNodes) if (target instanceof Element && target.closest('.prose')) look(node);
      }
    }).observe(document, { subtree: true, childList: true, attributes: true });
    Object.assign(globalThis, { seen, hacked: () => seen.push('hacked() was called') });
    addEventListener('message', ({ data }) => {
      if (data === 'hacked') seen.push('a message came out of a frame');
    });
  });
}

const seen = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);

/** Waits until both diagrams of `attack` are pictures. */
async function expectDrawn(page: Page): Promise<void> {
  await expect(lastAnswer(page).locator('[data-diagram="drawn"]')).toHaveCount(2, { timeout: 30_000 });
}

for (const pace of ['hostile', 'single']) {
  test(`a hostile answer, one character a token, never becomes markup: ${pace}`, async ({ page, server }) => {
    await watchMarkup(page);
    await page.goto(server.url);
    await send(page, pace);
    await expectStatus(page, 'complete');
    await expect(lastAnswer(page).getByText('<script>').first()).toBeVisible();
    expect(await seen(page)).toEqual([]);
    await page.reload();
    await expect(lastAnswer(page).getByText('<script>').first()).toBeVisible();
    // Buttons of code and links of footnotes do no harm either; links of the text would leave the page.
    await lastAnswer(page)
      .locator('[data-action="copy"], [data-action="wrap"]')
      .evaluateAll((buttons) =>
        buttons.forEach((button) => button.dispatchEvent(new MouseEvent('click', { bubbles: true }))),
      );
    expect(await seen(page)).toEqual([]);
  });
}

test('a hostile diagram reaches neither the page nor the network', async ({ page, server }) => {
  await watchMarkup(page);
  await page.goto(server.url);
  await send(page, 'attack');
  await expectStatus(page, 'complete');
  await expectDrawn(page);
  expect(await seen(page)).toEqual([]);
  const frame = page.frames().find((candidate) => candidate.url().endsWith('/frame/diagram'));
  const reached = await frame?.evaluate(() => {
    const attempts: Record<string, () => unknown> = {
      cookie: () => document.cookie,
      storage: () => localStorage.length,
      page: () => parent.document.title,
    };
    return Object.keys(attempts).filter((name) => {
      try {
        attempts[name]?.();
        return true;
      } catch {
        return false;
      }
    });
  });
  expect(reached).toEqual([]);
});

test('messages from elsewhere move nothing', async ({ page, server }) => {
  await watchMarkup(page);
  await page.goto(server.url);
  await send(page, 'attack');
  await expectStatus(page, 'complete');
  await expectDrawn(page);
  const before = await page.locator('body').innerText();
  await page.evaluate(() => {
    for (const data of [
      { library: 'hacked()' },
      { svg: '<svg onload=hacked()>', width: 1, height: 1 },
      'fault',
    ]) {
      const { port2 } = new MessageChannel();
      postMessage(data, '*', [port2]);
      for (const frame of document.querySelectorAll('iframe')) frame.contentWindow?.postMessage(data, '*');
    }
  });
  await expect.poll(() => page.locator('body').innerText()).toBe(before);
  expect(await seen(page)).toEqual([]);
});
