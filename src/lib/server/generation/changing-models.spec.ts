import pino from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, type App } from '../app';
import type { ModelConfig } from '../models/model-config';
import {
  conversationIn,
  fold,
  generationIdOf,
  itemsOf,
  noLocalModels,
  owner,
  question,
  readAll,
} from './fixtures';

const scripted = (text: string, more: object = {}) => ({
  type: 'scripted' as const,
  replies: [{ text, ...more }],
});
let app: App;
afterEach(() => app.close());

async function start(models: object[], isAdmin = (_: string) => true): Promise<void> {
  app = await createApp(
    { models, local: noLocalModels, dataDir: undefined, isAdmin },
    pino({ level: 'silent' }),
  );
}
const connected = (id: string, text: string): ModelConfig => ({
  id,
  origin: 'connected',
  backend: scripted(text),
});

it('tells the pages of all owners that the models are others now', async () => {
  await start([{ id: 'scripted', backend: scripted('Yes.') }]);
  const heard: string[] = [];
  const reader = new AbortController();
  const reading = ['one', 'other'].map(async (name) => {
    for await (const items of itemsOf(app.generations.events(name, null, [], reader.signal)))
      for (const item of items) if ('type' in item && item.type === 'models-changed') heard.push(name);
  });
  app.models.setSource('connected', [connected('more', 'More.')]);
  await vi.waitFor(() => expect([...new Set(heard)].sort()).toEqual(['one', 'other']));
  reader.abort();
  await Promise.all(reading);
});

it('lets a run end with the model that it began with, and answers the next with the new one', async () => {
  await start([{ id: 'other', backend: scripted('No.') }]);
  const slow: ModelConfig = {
    ...connected('scripted', ''),
    backend: scripted('one two three', { tokensPerSecond: 10 }),
  };
  app.models.setSource('connected', [slow]);
  const { backend } = app.models.get('scripted');
  const close = vi.spyOn(backend, 'close');
  const id = await conversationIn(app);
  const first = question('Hi');
  await app.generations.start(owner, id, first);
  app.models.setSource('connected', [connected('scripted', 'New.')]);
  const second = question('Again');
  await app.generations.start(owner, id, second);
  expect(fold(await readAll(app, generationIdOf(second)))).toBe('New.');
  expect(close).not.toHaveBeenCalled();
  expect(fold(await readAll(app, generationIdOf(first)))).toBe('one two three');
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1));
});

it('answers what was stored also when the model is taken away meanwhile', async () => {
  await start([{ id: 'other', backend: scripted('No.') }]);
  app.models.setSource('connected', [connected('scripted', 'Yes.')]);
  const model = app.models.get('scripted');
  vi.spyOn(model, 'ensureFits').mockImplementation(() => {
    app.models.setSource('connected', []);
    return Promise.resolve();
  });
  const close = vi.spyOn(model.backend, 'close');
  const asked = question('Hi');
  await app.generations.start(owner, await conversationIn(app), asked);
  expect(fold(await readAll(app, generationIdOf(asked)))).toBe('Yes.');
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1));
});

it('refuses a model of the administrator to those who are nobody in particular, as one that is not there', async () => {
  await start(
    [
      { id: 'scripted', backend: scripted('Secret.'), access: 'admin' },
      { id: 'open', backend: scripted('Open.') },
    ],
    (one) => one === 'admin',
  );
  const id = await conversationIn(app);
  expect(app.models.list(owner).map((model) => model.id)).toEqual(['open']);
  for (const attempt of [
    () => app.generations.start(owner, id, question('Hi')),
    () => app.conversations.update(owner, id, { modelId: 'scripted' }),
    async () => app.conversations.create(owner, { id: crypto.randomUUID(), modelId: 'scripted' }),
    () => app.prompts.measure(owner, { modelId: 'scripted', text: 'Hi', parentId: null }),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'not-found' });
  const own = await app.conversations.create('admin', { id: crypto.randomUUID() });
  expect(own.modelId).toBe('scripted');
  expect(app.models.list('admin').map((model) => model.id)).toEqual(['scripted', 'open']);
  expect((await app.readiness()).models).toEqual({ open: 'ready' });
});

it('refuses a new answer of a retired model, and names the one that replaces it', async () => {
  await start([
    { id: 'scripted', replacedBy: 'open' },
    { id: 'open', backend: scripted('Open.') },
  ]);
  const id = await conversationIn(app);
  await expect(app.generations.start(owner, id, question('Hi'))).rejects.toMatchObject({
    code: 'model-unavailable',
    message: 'scripted is retired. Go on with open.',
  });
});

it('refuses more answers to one request than the operator allows', async () => {
  const limits = { num_return_sequences: { max: 2 } };
  await start([{ id: 'scripted', backend: scripted('Yes.'), parameterLimits: limits }]);
  const id = await conversationIn(app);
  const asking = (count: number) => {
    const request = question('Hi');
    const messageIds = Array.from({ length: count }, () => crypto.randomUUID());
    return { ...request, replies: request.replies.map((reply) => ({ ...reply, messageIds })) };
  };
  await expect(app.generations.start(owner, id, asking(3))).rejects.toMatchObject({ code: 'invalid-input' });
  const allowed = asking(2);
  await app.generations.start(owner, id, allowed);
  await readAll(app, generationIdOf(allowed));
});
