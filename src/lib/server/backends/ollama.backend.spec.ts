import { afterAll, beforeAll } from 'vitest';
import { fakeOllama, ollamaTokens, type FakeOllamaOptions } from './__fixtures__/fake-ollama';
import type { FakeServer } from './__fixtures__/fake-server';
import { describeBackend } from './conformance';
import { defaultHttpSettings } from './http/settings';
import { ollamaBackend } from './ollama.backend';

const servers: FakeServer[] = [];
const model: FakeOllamaOptions = {};
const says = (text: string | undefined) => {
  model.tokens = text?.match(/[^]{1,5}/gu) ?? ollamaTokens;
  return {};
};
beforeAll(async () => {
  servers.push(await fakeOllama(model));
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

const create = () => {
  const url = servers[0]?.url ?? '';
  return ollamaBackend.create({ type: 'ollama', url, model: 'small' }, { http: defaultHttpSettings });
};

describeBackend('Ollama, messages', {
  create,
  input: { kind: 'messages', messages: [{ role: 'user', content: 'Tell me of rivers.' }] },
  parameters: { temperature: 0 },
  unknown: { typical_p: 0.2 },
  says,
});
describeBackend('Ollama, a prompt', {
  create,
  input: { kind: 'prompt', prompt: 'Rivers' },
  parameters: { temperature: 0 },
  unknown: { watermark: true },
  says,
});
