import { expect, test, type Page } from '@playwright/test';
import { watch } from './fixtures';
import { LlamaCpp } from './llama-cpp/server';
import { chooseModel, option, picker } from './models-page';
import { answerText, composer, expectStatus, lastAnswer, send } from './page';
import { gauge, openDetails } from './settings-page';
import { TestServer } from './server';

/** The likeliest token each time, whichever server writes. */
const greedy = { temperature: 0, repetition_penalty: 1, max_new_tokens: 32 };
const systemPrompt = 'Answer in one sentence.';
const question = 'What is the capital of France?';
const answer = 'The capital of France is Paris.';

// It computes what others only play, and two cores may have more to do.
test.describe.configure({ timeout: 180_000 });

let llama: LlamaCpp;
let server: TestServer;
let faults: string[];
test.beforeAll(async ({ browser }) => {
  llama = await LlamaCpp.start(browser);
  // It runs one model, which answers to any name.
  const misnamed = { type: 'openai', url: `${llama.url}/v1`, model: 'no-such-model' };
  server = await TestServer.start({
    OPENAI_BASE_URL: `${llama.url}/v1`,
    MODELS: JSON.stringify([{ id: 'misnamed', backend: misnamed, unlisted: true }]),
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
  const before = await page.locator('[data-message-role="assistant"]').count();
  await send(page, text);
  await expect(page.locator('[data-message-role="assistant"]')).toHaveCount(before + 1);
  await expect(lastAnswer(page)).toHaveAttribute('data-status', 'complete', { timeout: 60_000 });
  return answerText(page);
}

test('one variable offers a real llama.cpp, whose answers are those of the same weights here', async ({
  page,
}) => {
  await expect(picker(page)).toContainText(llama.model);
  await composer(page).fill(question);
  await expect(gauge(page)).toHaveAccessibleName(/of 1,024 tokens/u);
  expect(await ask(page, question)).toBe(answer);
  const first = llama.usage;
  const figures = (await openDetails(page)).getByRole('region', { name: 'Figures' });
  console.log(await figures.innerText(), first);
  await expect(figures).toContainText(`Prompt ${String(first?.prompt_tokens)} tokens`);
  await page.keyboard.press('Escape');
  console.log(await ask(page, 'And of Italy?'), llama.usage);
  await composer(page).fill('And of Spain?');
  console.log(await gauge(page).getAttribute('aria-label'), await gauge(page).innerText());

  const said: string[] = [];
  for (const model of [llama.model, 'SmolLM2 135M']) {
    await page.getByRole('link', { name: 'New chat' }).first().click();
    await chooseModel(page, model);
    said.push(await ask(page, 'Why is the sky blue?'));
  }
  console.log(said);
});

test('an answer that is stopped leaves the only slot of a real llama.cpp', async ({ page }) => {
  await setDefaults({ parameters: { max_new_tokens: 800 } });
  await page.reload();
  await send(page, 'Write a very long story about a lighthouse keeper and the sea.');
  await expect.poll(async () => (await answerText(page)).length, { timeout: 60_000 }).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Stop generating' }).click();
  await expectStatus(page, 'stopped');
  await expect.poll(() => llama.left).toBe(1);
  await setDefaults({ parameters: greedy });
  await page.getByRole('link', { name: 'New chat' }).first().click();
  expect(await ask(page, question)).toBe(answer);
});

test('what a real llama.cpp refuses is told', async ({ page }) => {
  await page.goto(`${server.url}/models/misnamed`);
  console.log(await page.locator('main').innerText());
  void option;
  await page.goto(server.url);
  await send(page, '0123456789'.repeat(120));
  await page.waitForTimeout(15000);
  console.log(await lastAnswer(page).innerText(), server.output);
});
