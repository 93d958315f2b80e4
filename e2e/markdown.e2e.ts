import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { expect, testWith } from './fixtures';
import { answers, composer, expectStatus, lastAnswer, send } from './page';

const rich = `# Everything

Some **bold**, ~~gone~~ and a claim[^1]. It costs $5 and $10, yet $E = mc^2$ and \\(a_1\\) hold.

$$
\\int_0^1 x\\,dx
$$

- [x] done
- [ ] open

| Name | Value |
|:-----|------:|
| a | 1 |

\`\`\`ts
const answer: number = 42;
\`\`\`

See [a page](https://example.com/page) and ![a cat](https://pictures.example.com/cat.png).

[^1]: The **source** of it.`;

const diagrams = `Two of three are drawn.

\`\`\`mermaid
flowchart LR
  A[Browser] -->|"<img src=x onerror=alert(1)>"| B(Server)
\`\`\`

\`\`\`mermaid
sequenceDiagram
  Alice->>Bob: Hello
\`\`\`

\`\`\`mermaid
this is no diagram
\`\`\``;

const test = testWith([
  { when: 'rich', text: rich },
  { when: 'diagrams', text: diagrams },
  {
    when: 'think',
    reasoning: 'First **this**, then that. '.repeat(8),
    text: 'So it is.',
    tokensPerSecond: 20,
  },
  { when: 'fence', text: `\`\`\`js\n${'const line = 1;\n'.repeat(40)}\`\`\``, tokensPerSecond: 60 },
]);

async function answer(page: Page, url: string, words: string): Promise<void> {
  await page.goto(url);
  await send(page, words);
  await expectStatus(page, 'complete');
}

test('headings, lists, tables, formulas and money are what they mean, and links lead away safely', async ({
  page,
  server,
}) => {
  await answer(page, server.url, 'rich');
  const shown = lastAnswer(page);
  await expect(shown.getByRole('heading', { name: 'Everything' })).toBeVisible();
  await expect(shown.getByText('It costs $5 and $10, yet')).toBeVisible();
  await expect(shown.locator('math')).toHaveCount(3);
  await expect(shown.locator('math mi').first()).toHaveText('E');
  await expect(shown.getByRole('img', { name: 'Done' })).toBeVisible();
  await expect(shown.getByRole('region', { name: 'Table' })).toBeVisible();
  await expect(shown.getByRole('cell', { name: '1' })).toHaveCSS('text-align', 'end');
  const link = shown.getByRole('link', { name: 'a page' });
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(shown.getByRole('link', { name: 'a cat (image at pictures.example.com)' })).toBeVisible();
  await expect(shown.locator('img')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test('footnotes lead there and back, and two answers share no id', async ({ page, server }) => {
  await answer(page, server.url, 'rich');
  await send(page, 'rich');
  await expect(answers(page)).toHaveCount(2);
  await expectStatus(page, 'complete');
  const ids = await page.locator('.prose [id]').evaluateAll((elements) => elements.map(({ id }) => id));
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
  await lastAnswer(page).getByRole('link', { name: 'Footnote 1', exact: true }).click();
  await expect(lastAnswer(page).locator('.footnotes li')).toBeFocused();
  const address = page.url();
  await lastAnswer(page).getByRole('link', { name: 'Back to the text, footnote 1' }).click();
  await expect(lastAnswer(page).getByRole('link', { name: 'Footnote 1', exact: true })).toBeFocused();
  expect(page.url()).toBe(address);
});

test('code is coloured, and can be copied, wrapped and downloaded', async ({ page, context, server }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await answer(page, server.url, 'rich');
  const block = lastAnswer(page).locator('.code-block');
  await expect(block).toContainText('TypeScript');
  await expect(block.locator('.hljs-keyword')).toHaveText('const');
  await block.getByRole('button', { name: 'Copy code' }).click();
  await expect(block.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const answer: number = 42;');
  const wrap = block.getByRole('button', { name: 'Wrap lines' });
  await wrap.click();
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  await expect(block.locator('code')).toHaveCSS('white-space', /pre-wrap/u);
  const downloading = page.waitForEvent('download');
  await block.getByRole('button', { name: 'Download code' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('code.ts');
  expect(await readFile(await download.path(), 'utf8')).toBe('const answer: number = 42;');
});

test('a fence is code from its first line on, and its text is only added to', async ({ page, server }) => {
  // The first message of a conversation changes the page; the fence comes into one that stays.
  await answer(page, server.url, 'rich');
  await send(page, 'fence');
  await expect(answers(page)).toHaveCount(2);
  const code = lastAnswer(page).locator('.code-block code');
  await expect(code).toContainText('const line = 1;');
  const element = await code.elementHandle();
  await expect(lastAnswer(page)).not.toContainText('```');
  let before = '';
  for (let looks = 0; looks < 20; looks += 1) {
    const text = await code.evaluate((element) => element.textContent);
    expect(text.startsWith(before)).toBe(true);
    before = text;
  }
  await expectStatus(page, 'complete');
  await expect(code).toHaveText(/^(?:const line = 1;\s*){40}$/u);
  expect(await element?.evaluate((node) => node.isConnected)).toBe(true);
});

test('diagrams are pictures, drawn where nothing can reach anything, in the colours of the page', async ({
  page,
  server,
}) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await answer(page, server.url, 'diagrams');
  const pictures = lastAnswer(page).locator('.diagram img');
  await expect(pictures).toHaveCount(2, { timeout: 30_000 });
  await expect(pictures.first()).toHaveAttribute('src', /^data:image\/svg\+xml/u);
  await expect
    .poll(() => pictures.first().evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(50);
  await expect(lastAnswer(page).getByText('This is no diagram that can be drawn.')).toBeVisible();
  const frame = page.locator('iframe');
  await expect(frame).toHaveCount(1);
  await expect(frame).toHaveAttribute('sandbox', 'allow-scripts');
  const first = lastAnswer(page).locator('.diagram').first();
  await expect(first.locator('pre')).toBeHidden();
  await first.getByRole('button', { name: 'Show source' }).click();
  await expect(first.locator('pre')).toContainText('A[Browser]');
  const downloading = page.waitForEvent('download');
  await first.getByRole('button', { name: 'Download picture' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('diagram.svg');
  expect(await readFile(await download.path(), 'utf8')).toContain('<svg');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(pictures.first()).toHaveAttribute('data-theme', 'dark');
  expect(await violations(page)).toEqual([]);
});

test('the frame of diagrams has a policy of its own, without origin and network', async ({
  request,
  server,
}) => {
  const response = await request.get(`${server.url}/frame/diagram`);
  const policy = (response.headers()['content-security-policy'] ?? '').split('; ').sort();
  expect(policy).toEqual([
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
    expect.stringMatching(/^script-src 'sha256-[\w+/=]+' blob:$/u),
    "style-src 'unsafe-inline'",
  ]);
});

test('reasoning is folded, with the time that it took, and can be read', async ({ page, server }) => {
  await page.goto(server.url);
  await send(page, 'think');
  const summary = lastAnswer(page).locator('details summary');
  await expect(summary).toContainText('Reasoning…');
  await expect(lastAnswer(page).getByText('then that').first()).toBeHidden();
  await expectStatus(page, 'complete');
  await expect(summary).toHaveText(/^\s*Reasoning, [12] s\s*$/u);
  await expect(lastAnswer(page).getByText('So it is.')).toBeVisible();
  await page.reload();
  await expect(summary).toHaveText(/^\s*Reasoning, [12] s\s*$/u);
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(lastAnswer(page).getByText('then that').first()).toBeVisible();
  await expect(lastAnswer(page).locator('details strong').first()).toHaveText('this');
  expect(await violations(page)).toEqual([]);
});

test('what formulas, colours and diagrams need is loaded with the first of them, and not before', async ({
  page,
  server,
}) => {
  const scripts: string[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.url());
  });
  await page.goto(server.url);
  await expect(composer(page)).toBeFocused();
  const before = scripts.length;
  expect(before).toBeLessThanOrEqual(25);
  await send(page, 'rich');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page).locator('math')).toHaveCount(3);
  expect(scripts.length).toBeGreaterThan(before);
});
