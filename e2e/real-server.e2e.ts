import { expect, test, type Page } from '@playwright/test';
import { watch } from './fixtures';
import { LlamaCpp } from './llama-cpp/server';
import { chooseModel, picker } from './models-page';
import { answers, answerText, composer, expectStatus, lastAnswer, send, startChat } from './page';
import { TestServer } from './server';
import { gauge, openDetails } from './settings-page';

/** The likeliest token each time, whichever server writes. */
const greedy = { temperature: 0, repetition_penalty: 1, max_new_tokens: 32 };
const systemPrompt = 'Answer in one sentence.';
const question = 'What is the capital of France?';
const answer = 'The capital of France is Paris.';
/** A real model writes no faster than the processor lets it. */
const patience = { timeout: 60_000 };

test.describe.configure({ timeout: 180_000 });

let llama: LlamaCpp;
let server: TestServer;
let faults: string[];
test.beforeAll(async ({ browser }) => {
  llama = await LlamaCpp.start(browser);
  const url = `${llama.url}/v1`;
  const misnamed = {
    id: 'misnamed',
    unlisted: true,
    // More than it has: it refuses what does not fit.
    contextLength: 8192,
    backend: { type: 'openai', url, model: 'no-such-model' },
  };
  server = await TestServer.start({
    OPENAI_BASE_URL: url,
    MODELS: JSON.stringify([misnamed]),
    LOCAL_MODELS_DIR: 'models',
  });
});
test.afterAll(async () => {
  await server.stop();
  await llama.stop();
});
test.beforeEach(async ({ page }) => {
  await setDefaults({ systemPrompt, parameters: greedy });
  faults = watch(page, server);
  await page.goto(server.url);
});
test.afterEach(() => expect(faults).toEqual([]));

async function setDefaults(defaults: object): Promise<void> {
  const headers = { origin: server.url, 'content-type': 'application/json' };
  const body = JSON.stringify(defaults);
  const { ok } = await fetch(`${server.url}/api/settings`, { method: 'PATCH', headers, body });
  expect(ok).toBe(true);
}

async function ask(page: Page, text: string): Promise<string> {
  const before = await answers(page).count();
  await send(page, text);
  await expect(answers(page)).toHaveCount(before + 1);
  await expect(lastAnswer(page)).toHaveAttribute('data-status', /complete|failed/u, patience);
  await expectStatus(page, 'complete');
  return answerText(page);
}

test('one variable offers a real llama.cpp, which says what the same weights say here', async ({ page }) => {
  await expect(picker(page)).toContainText(llama.model);
  await composer(page).fill(question);
  await expect(gauge(page)).toHaveAccessibleName(/of 1,024 tokens/u);
  expect(await ask(page, question)).toBe(answer);
  const first = llama.usage;
  expect(first?.completion_tokens).toBe(8);
  const details = await openDetails(page);
  const figures = details.getByRole('region', { name: 'Figures' });
  await expect(figures).toContainText(`Prompt ${String(first?.prompt_tokens)} tokens`);
  await expect(figures).toContainText('Answer 8 tokens');
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'hidden' });

  // It has what was said before; the first turn is still in its memory, and the page tells so.
  expect(await ask(page, 'And of Italy?')).toBe('The capital of Italy is Rome.');
  expect(llama.usage?.prompt_tokens).toBeGreaterThan(Number(first?.prompt_tokens) + 8);
  const again = (await openDetails(page)).getByRole('region', { name: 'Figures' });
  await expect(again).toContainText(/Reused\s+[1-9]\d* tokens/u);
  await page.keyboard.press('Escape');

  const beginnings: string[] = [];
  for (const model of [llama.model, 'SmolLM2 135M']) {
    await startChat(page);
    await chooseModel(page, model);
    const words = (await ask(page, 'Why is the sky blue?')).split(' ');
    beginnings.push(words.slice(0, 8).join(' '));
  }
  expect(beginnings).toEqual(Array(2).fill('The answer to this question is that the'));
});

test('an answer that is stopped leaves the only slot of a real llama.cpp', async ({ page }) => {
  await setDefaults({ parameters: { max_new_tokens: 800 } });
  await send(page, 'Write a very long story about a lighthouse keeper and the sea.');
  await expect.poll(async () => (await answerText(page)).length, patience).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Stop generating' }).click();
  await expectStatus(page, 'stopped');
  await expect.poll(() => llama.left, patience).toBe(1);
  await setDefaults({ parameters: greedy });
  await startChat(page);
  expect(await ask(page, question)).toBe(answer);
});

test('a real llama.cpp answers to any name, and what it refuses is told', async ({ page }) => {
  await page.goto(`${server.url}/models/misnamed`);
  await page.getByRole('link', { name: 'Start a chat' }).click();
  expect(await ask(page, question)).toBe(answer);
  // Each digit is a token.
  await send(page, '0123456789'.repeat(120));
  await expectStatus(page, 'failed');
  expect(llama.refused).toMatchObject([{ code: 400, type: 'exceed_context_size_error', n_ctx: 1024 }]);
  await expect(lastAnswer(page)).toContainText('the model reads at most 1,024');
});
