import { afterAll, beforeAll } from 'vitest';
import type { FakeServer } from './__fixtures__/fake-server';
import { wellBehaved } from './__fixtures__/openai-server';
import { describeBackend } from './conformance';
import { inferenceClientBackend } from './inference-client.backend';

const model: { says?: string | undefined } = {};
const says = (text: string | undefined) => {
  model.says = text;
  return {};
};
let server: FakeServer;
beforeAll(async () => {
  server = await wellBehaved(model);
});
afterAll(() => server.close());

const create = (task: 'chat' | 'text-generation') =>
  inferenceClientBackend.create({ type: 'inference-client', url: server.url, model: 'org/m', task });

describeBackend('inference-client, chat', {
  create: () => create('chat'),
  input: { kind: 'messages', messages: [{ role: 'user', content: 'Go on' }] },
  parameters: {},
  unknown: { top_k: 5 },
  says,
});

describeBackend('inference-client, text generation', {
  create: () => create('text-generation'),
  input: { kind: 'prompt', prompt: 'Go on' },
  parameters: {},
  unknown: { presence_penalty: 1 },
  says,
});
