import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { fakeOllama, ollamaTokens } from '../src/lib/server/backends/__fixtures__/fake-ollama';
import { FakeTgi } from '../src/lib/server/backends/__fixtures__/fake-tgi';
import { watch } from './fixtures';
import { chooseModel, option, picker } from './models-page';
import { expectStatus, lastAnswer, send } from './page';
import { TestServer } from './server';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-models-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server whose models are in a file; returns it with what writes the file again. */
async function serverWithFile(lines: string[], environment: NodeJS.ProcessEnv = {}) {
  const path = join(folder, 'models.yaml');
  const write = (text: string[]) => writeFileSync(path, text.join('\n'));
  write(lines);
  return { server: await TestServer.start({ MODELS_FILE: path, ...environment }), write };
}

async function answered(page: Page, text: string): Promise<void> {
  await send(page, text);
  await expectStatus(page, 'complete');
}

test('five lines of a file make a chat with text generation inference, whose prompt is made here', async ({
  page,
}) => {
  const tgi = await new FakeTgi({ apiKey: 'tgi-key' }).listen();
  const lines = [
    'models:',
    '  - id: org/small',
    '    chatTemplate: { builtIn: chatml }',
    '    systemPrompt: Be brief.',
    `    backend: { type: tgi, url: '${tgi.url}', apiKey: '\${TGI_KEY}' }`,
  ];
  const { server } = await serverWithFile(lines, { TGI_KEY: 'tgi-key' });
  const faults = watch(page, server);
  await page.goto(server.url);
  await answered(page, 'What does the fox do?');
  await expect(lastAnswer(page)).toContainText('The quick brown fox jumps over the lazy dog');
  expect(tgi.requests.at(-1)?.inputs).toBe(
    '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat does the fox do?<|im_end|>\n<|im_start|>assistant\n',
  );
  await answered(page, 'And then?');
  expect(tgi.requests.at(-1)?.inputs).toContain('And then they rest.<|im_end|>\n<|im_start|>user\nAnd then?');
  expect(server.output).not.toContain('tgi-key');
  expect(faults).toEqual([]);
  await server.stop();
  await tgi.close();
});

test('a file that changes takes effect at once, and a bad one changes nothing', async ({ page }) => {
  const [tgi, ollama] = [
    await new FakeTgi({ chats: true }).listen(),
    await fakeOllama({ thinking: ['Rain', ' falls.'], capabilities: ['completion', 'thinking'] }),
  ];
  const first = ['models:', '  - id: fox', `    backend: { type: tgi, url: '${tgi.url}' }`];
  const second = ['  - id: rivers', `    backend: { type: ollama, url: '${ollama.url}', model: small }`];
  const { server, write } = await serverWithFile(first);
  await page.goto(server.url);
  await answered(page, 'Hello');

  write([...first, ...second]);
  await expect(async () => {
    await picker(page).click();
    await expect(option(page, 'rivers')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await chooseModel(page, 'rivers');
  await answered(page, 'And the rivers?');
  await expect(lastAnswer(page)).toContainText(ollamaTokens.join('').trim());
  await lastAnswer(page).getByText('Reasoning').first().click();
  await expect(lastAnswer(page)).toContainText('Rain falls.');

  write([...first, '  - id: rivers', '    backend: { type: olama, model: small }']);
  await expect.poll(() => server.output).toContain('models.1.backend.type');
  await answered(page, 'Still there?');
  await expect(lastAnswer(page)).toContainText('Slow rivers');
  await server.stop();
  await Promise.all([tgi.close(), ollama.close()]);
});
