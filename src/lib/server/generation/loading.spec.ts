import pino from 'pino';
import { afterEach, expect, it } from 'vitest';
import { createApp, type App } from '../app';
import { projectRoot } from '../programs';
import {
  conversationIn,
  fold,
  generationIdOf,
  messageIdOf,
  messageIn,
  noLocalModels,
  owner,
  question,
  readAll,
} from './fixtures';

let app: App;
afterEach(() => app.close());

/** An app whose second model is loaded by the first that asks for it. */
async function appWithDates(): Promise<App> {
  const models = [
    { id: 'scripted', backend: { type: 'scripted', replies: [{ text: 'Yes.' }] } },
    { id: 'dates', backend: { type: 'local', path: 'models/parlance/date-normaliser' } },
  ];
  const local = { ...noLocalModels, modelsDir: projectRoot() };
  app = await createApp({ models, local, dataDir: undefined }, pino({ level: 'silent' }));
  await expect.poll(async () => (await app.readiness()).isReady).toBe(true);
  return app;
}

const ask = (text: string) => {
  const request = question(text);
  return { ...request, replies: request.replies.map((reply) => ({ ...reply, modelId: 'dates' })) };
};

it('shows a run how far its model is loaded, before anything else, and the next run nothing', async () => {
  await appWithDates();
  const id = await conversationIn(app);
  const first = ask('3rd of March, 2024');
  await app.generations.start(owner, id, first);
  const entries = await readAll(app, generationIdOf(first));
  const kinds = entries.map(({ event }) => event.type);
  const loading = entries.flatMap(({ event }) =>
    event.type === 'progress' && event.label === 'loading' ? event.fraction : [],
  );
  expect(loading.length).toBeGreaterThan(1);
  expect(loading).toEqual([...loading].sort((a, b) => a - b));
  expect(kinds.indexOf('prepared')).toBeGreaterThan(kinds.lastIndexOf('progress'));
  expect(fold(entries)).toBe('2024-03-03');
  expect((await messageIn(app, id, messageIdOf(first)))?.status).toBe('complete');

  const second = ask('4th of March, 2024');
  await app.generations.start(owner, await conversationIn(app), second);
  const more = await readAll(app, generationIdOf(second));
  expect(more.some(({ event }) => event.type === 'progress')).toBe(false);
});

it('ends a run that is stopped while its model loads, and the model is there for the next', async () => {
  await appWithDates();
  const id = await conversationIn(app);
  const stopped = ask('3rd of March, 2024');
  await app.generations.start(owner, id, stopped);
  await app.generations.stop(owner, generationIdOf(stopped), undefined);
  await readAll(app, generationIdOf(stopped));
  expect((await messageIn(app, id, messageIdOf(stopped)))?.status).toBe('stopped');
  const next = ask('3rd of March, 2024');
  await app.generations.start(owner, await conversationIn(app), next);
  expect(fold(await readAll(app, generationIdOf(next)))).toBe('2024-03-03');
});
