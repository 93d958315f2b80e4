import type { Page } from 'playwright-core';
import type { ConnectionSummary, FoundServer } from '../src/lib/domain/connection';

const images = { maxCount: 8, maxBytes: 5_000_000, maxPixels: 2048, mimeTypes: ['image/png'] };
const names = [
  'llama3.3:70b',
  'qwen2.5vl:7b',
  'qwen3:8b',
  'gemma3:12b',
  'mistral-small:24b',
  'phi4:14b',
  'codestral:22b',
  'deepseek-r1:14b',
  'granite3.3:8b',
];

const found: FoundServer = {
  flavour: 'ollama',
  backend: 'ollama',
  url: 'http://192.168.1.20:11434',
  name: 'Ollama on 192.168.1.20',
  models: names.map((id, index) => ({
    id,
    contextLength: 131_072,
    capabilities: {
      ...(index % 4 === 1 && { images }),
      tools: true,
      ...(index % 3 === 2 && { reasoning: true }),
    },
  })),
};

const connected = (changes: Partial<ConnectionSummary>): ConnectionSummary => ({
  id: crypto.randomUUID(),
  name: 'Ollama on 192.168.1.20',
  prefix: 'ollama',
  url: found.url,
  backend: 'ollama',
  flavour: 'ollama',
  choice: 'all',
  hasKey: false,
  models: names.map((name) => ({ id: `ollama/${name}`, name })),
  status: { state: 'ready' },
  createdAt: new Date(),
  ...changes,
});

const all = [
  connected({}),
  connected({
    name: 'OpenRouter',
    url: 'https://openrouter.ai/api/v1',
    flavour: 'openrouter',
    choice: ['a', 'b', 'c'],
    hasKey: true,
    models: ['a', 'b', 'c'].map((id) => ({ id, name: id })),
  }),
  connected({
    name: 'Workstation',
    url: 'http://workstation:8000/v1',
    flavour: 'vllm',
    models: [{ id: 'm', name: 'm' }],
    status: {
      state: 'failed',
      reason: 'Nothing listens at workstation:8000. Check the port, and that the server is started.',
    },
  }),
  connected({
    name: 'Old box',
    url: '',
    models: [],
    status: {
      state: 'broken',
      reason:
        'What is stored of this server cannot be used by this version of Parlance (url). Give its address again, or remove it.',
    },
  }),
];

async function fulfil(page: Page, path: string, json: object, status = 200): Promise<void> {
  await page.route(`**/api/connections${path}`, (route) => route.fulfill({ status, json }));
}

async function open(page: Page, connections: ConnectionSummary[]): Promise<void> {
  await fulfil(page, '', { connections });
  await page.getByRole('textbox', { name: 'Message', exact: true }).press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('connect a model');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /Connect/u }).waitFor();
}

/** The dialog in which servers are connected: empty, with a fault, with what was found, and what is connected. */
export const connectionStates: Record<string, (page: Page) => Promise<void>> = {
  connect: (page) => open(page, []),
  'connect-fault': async (page) => {
    const message = 'api.example.com asks for a key.';
    const error = { code: 'backend-rejected', message, retryable: false, details: { fault: 'key-missing' } };
    await fulfil(page, '/probe', { error }, 502);
    await open(page, []);
    await page.getByLabel('Address').fill('https://api.example.com/v1');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('alert').waitFor();
  },
  'connect-found': async (page) => {
    await fulfil(page, '/probe', found);
    await fulfil(page, '/test', { text: 'Hello! How can I', durationMs: 640 });
    await open(page, []);
    await page.getByLabel('Address').fill('192.168.1.20:11434');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Test llama3.3:70b' }).click();
    await page.getByRole('radio', { name: 'Only some of them' }).check();
    await page.getByRole('checkbox', { name: 'qwen2.5vl:7b' }).check();
  },
  connections: (page) => open(page, all),
  'connection-change': async (page) => {
    await open(page, all);
    await page.getByRole('button', { name: 'Change OpenRouter' }).click();
  },
  'connection-other-address': async (page) => {
    await open(page, all);
    await page.getByRole('button', { name: 'Change OpenRouter' }).click();
    await page.getByLabel('Address').fill('https://elsewhere.example.com/v1');
  },
};
