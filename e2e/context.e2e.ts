import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { watch } from './fixtures';
import { chooseModel, picker } from './models-page';
import { answers, expectStatus, expectWholeWords, expectWords, lastAnswer, send, sidebar } from './page';
import { TestServer, words } from './server';

const bundled = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  'models/HuggingFaceTB/SmolLM2-135M-Instruct',
);
const echo = { type: 'scripted', replies: [{ text: 'You said {input}.', tokensPerSecond: 200 }] };

/** Runs a journey on a server of its own, and watches the page. */
async function withServer(page: Page, models: object[], journey: (server: TestServer) => Promise<void>) {
  const server = await TestServer.start({ MODELS: JSON.stringify(models) });
  const faults = watch(page, server);
  try {
    await page.goto(server.url);
    await journey(server);
    expect(faults).toEqual([]);
  } finally {
    await server.stop();
  }
}

test('a conversation that outgrows the context says how many messages were left out, and is still answered', async ({
  page,
}) => {
  const model = { id: 'small', name: 'Small', backend: echo, contextLength: 256 };
  await withServer(page, [model], async () => {
    const leftOut = page.getByText(/oldest messages no longer fit/u);
    await send(page, `first ${words(60)}`);
    await expectStatus(page, 'complete');
    await expect(leftOut).toHaveCount(0);
    for (const turn of [2, 3, 4]) {
      await send(page, `turn ${String(turn)} ${words(40)}`);
      await expect(answers(page)).toHaveCount(turn);
      await expectStatus(page, 'complete');
    }
    await expect(lastAnswer(page)).toContainText('You said turn 4');
    await expect(lastAnswer(page).getByText(/^The [2-6] oldest messages no longer fit/u)).toBeVisible();
    // Nothing is lost for the reader: what the model no longer reads stays on the page.
    await expect(page.locator('[data-message-role="user"]').first()).toContainText('first w0');
    await page.reload();
    await expect(lastAnswer(page).getByText(/^The [2-6] oldest messages no longer fit/u)).toBeVisible();
    await expect(
      answers(page)
        .first()
        .getByText(/oldest messages/u),
    ).toHaveCount(0);
  });
});

for (const file of ['tokenizer.json', 'onnx/model_q4.onnx', 'onnx/model_q4.onnx_data']) {
  test(`a model whose ${file} is cut off is named with what to do, while another model answers`, async ({
    page,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'parlance-model-'));
    cutCopy(folder, file);
    const damaged = { id: 'damaged', name: 'Damaged', backend: { type: 'local', path: folder } };
    const sound = { id: 'sound', name: 'Sound', backend: echo };
    try {
      await withServer(page, [damaged, sound], async (server) => {
        // New conversations get one that can answer.
        await expect(picker(page)).toHaveAccessibleName('Model: Sound');
        await page.goto(`${server.url}/?model=damaged`);
        const alert = page.getByRole('alert').filter({ hasText: 'Damaged cannot answer.' });
        await expect(alert).toContainText(folder);
        await expect(alert).toContainText(/Copy .* there again\./u);
        await chooseModel(page, 'Sound');
        await expect(alert).toHaveCount(0);
        await send(page, 'hello');
        await expectStatus(page, 'complete');
        await expect(lastAnswer(page)).toContainText('You said hello.');
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('deleting a conversation while its answer is being written stops the run, and undo brings back the text so far', async ({
  page,
}) => {
  const slow = { type: 'scripted', replies: [{ text: words(400), tokensPerSecond: 20 }] };
  await withServer(page, [{ id: 'slow', backend: slow }], async (server) => {
    await send(page, 'write slowly');
    await expectWords(page, 10);
    const id = page.url().split('/').at(-1) ?? '';
    const row = sidebar(page).getByRole('listitem').filter({ hasText: 'write slowly' });
    await row.hover();
    await row.getByRole('button', { name: /^Options for/u }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(row).toHaveCount(0);
    await expect(page).toHaveURL(`${server.url}/`);
    const opened = await page.request.get(`${server.url}/api/conversations/${id}`);
    expect(opened.status()).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page).toHaveURL(`${server.url}/conversation/${id}`);
    await expectStatus(page, 'stopped');
    const kept = await expectWholeWords(page);
    expect(kept.length).toBeGreaterThanOrEqual(10);
    // Far from the 400 words, and it does not grow: the run is over, not only hidden.
    expect(kept.length).toBeLessThan(200);
    expect((await storedAnswer(page, server, id)).status).toBe('stopped');
    await page.reload();
    await expectStatus(page, 'stopped');
    expect(await expectWholeWords(page)).toEqual(kept);
  });
});

/** The last message of a conversation, as the server has it. */
async function storedAnswer(page: Page, server: TestServer, id: string): Promise<{ status: string }> {
  const response = await page.request.get(`${server.url}/api/conversations/${id}`);
  const { messages } = (await response.json()) as { messages: { status: string }[] };
  return messages.at(-1) ?? { status: 'none' };
}

/** The bundled model in `folder` with one file cut off; the others are not copied. */
function cutCopy(folder: string, file: string): void {
  mkdirSync(join(folder, 'onnx'));
  for (const name of readdirSync(bundled, { recursive: true, encoding: 'utf8' })) {
    if (name === 'onnx') continue;
    if (name === file) cpSync(join(bundled, name), join(folder, name));
    else symlinkSync(join(bundled, name), join(folder, name));
  }
  truncateSync(join(folder, file), 50_000);
}
