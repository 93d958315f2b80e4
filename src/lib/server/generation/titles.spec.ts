import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp, type App } from '../app';
import type { ScriptedConfig } from '../backends/scripted.backend';
import {
  conversationIn,
  generationIdOf,
  itemsOf,
  longText,
  noLocalModels,
  owner,
  question,
  readAll,
} from './fixtures';

type Replies = ScriptedConfig['replies'];
interface Line {
  msg: string;
  modelId?: string;
}

const apps: App[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

/** An app whose answers come from one model and whose titles from another, with what it has logged. */
async function appWithTitles(titles: Replies, taskModel: string | null = 'titles'): Promise<[App, Line[]]> {
  const lines: Line[] = [];
  const write = (line: string) => lines.push(JSON.parse(line) as Line);
  const model = (id: string, replies: Replies) => ({
    id,
    backend: { type: 'scripted', replies, maxConcurrency: 1 },
    contextLength: 2000,
  });
  const models = [model('scripted', [{ text: 'Yes.' }]), model('titles', titles)];
  const options = { models, local: noLocalModels, dataDir: undefined, taskModel: taskModel ?? undefined };
  const app = await createApp(options, pino({ level: 'warn' }, { write }));
  apps.push(app);
  return [app, lines];
}

async function titleOf(app: App, id: string): Promise<string> {
  return (await app.generations.snapshot(owner, id)).conversation.title;
}

/** Starts a conversation and reads its answer to the end. */
async function begun(app: App, text = 'Where shall I go in Japan?'): Promise<string> {
  const id = await conversationIn(app);
  const request = question(text);
  await app.generations.start(owner, id, request);
  await readAll(app, generationIdOf(request));
  return id;
}

describe('a title by the task model', () => {
  it('takes the place of the first words, and every open page is told', async () => {
    const [app, lines] = await appWithTitles([{ text: '"Trip to Japan."', delayMs: 30 }]);
    const controller = new AbortController();
    const titles: string[] = [];
    const watching = (async () => {
      for await (const items of itemsOf(app.generations.events(owner, null, [], controller.signal)))
        for (const item of items)
          if ('type' in item && item.type === 'conversation-changed') titles.push(item.conversation.title);
    })();
    const id = await begun(app);
    await expect.poll(() => titles.at(-1)).toBe('Trip to Japan');
    expect(titles[0]).toBe('Where shall I go in Japan?');
    expect(await titleOf(app, id)).toBe('Trip to Japan');
    controller.abort();
    await watching;
    expect(lines).toEqual([]);
  });

  it('is asked for once: later turns leave it', async () => {
    const [app] = await appWithTitles([{ when: 'Japan', text: 'Trip' }, { text: 'Another title' }]);
    const id = await begun(app);
    await expect.poll(() => titleOf(app, id)).toBe('Trip');
    const later = question('And in winter?');
    await app.generations.start(owner, id, later);
    await readAll(app, generationIdOf(later));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await titleOf(app, id)).toBe('Trip');
  });

  it('is not waited for by the answer', async () => {
    const [app] = await appWithTitles([{ text: 'Late', delayMs: 60_000 }]);
    const id = await begun(app);
    expect(await titleOf(app, id)).toBe('Where shall I go in Japan?');
  });

  it('is not made for a conversation that a person has named before the first turn', async () => {
    const [app] = await appWithTitles([{ text: 'From the model' }]);
    const id = await conversationIn(app);
    await app.conversations.update(owner, id, { title: 'Mine' });
    const request = question('Hello');
    await app.generations.start(owner, id, request);
    await readAll(app, generationIdOf(request));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await titleOf(app, id)).toBe('Mine');
  });

  it.each<[string, Replies]>([
    ['the model fails', [{ text: 'x', failsAfter: 0 }]],
    ['the model thinks to the end', [{ text: '<think>Japan, so' }]],
  ])('stays the first words when %s, and one line says so', async (_, replies) => {
    const [app, lines] = await appWithTitles(replies);
    const id = await begun(app);
    await expect.poll(() => lines.length).toBe(1);
    expect(lines[0]).toMatchObject({
      msg: 'a conversation got no title from the model',
      modelId: 'titles',
      conversationId: id,
    });
    expect(JSON.stringify(lines)).not.toContain('Where shall I go');
    expect(await titleOf(app, id)).toBe('Where shall I go in Japan?');
  });

  it('stays the first words while the model is not there, which is said once', async () => {
    const [app, lines] = await appWithTitles([{ text: 'x' }], 'none');
    const titles = [await titleOf(app, await begun(app)), await titleOf(app, await begun(app))];
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(titles).toEqual(['Where shall I go in Japan?', 'Where shall I go in Japan?']);
    expect(lines).toMatchObject([
      {
        msg: 'the model of TASK_MODEL is not there; titles stay the first words of a conversation',
        modelId: 'none',
      },
    ]);
  });

  it('is the first words when no task model is set', async () => {
    const [app, lines] = await appWithTitles([{ text: 'x' }], null);
    const id = await begun(app);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await titleOf(app, id)).toBe('Where shall I go in Japan?');
    expect(lines).toEqual([]);
  });
});

/** There is one place for titles, and they come one after the other: once a later one is there, the others are over. */
async function titlesAreOver(app: App): Promise<void> {
  const later = await begun(app, 'Something else');
  await expect.poll(() => titleOf(app, later)).toBe('From the model');
}

describe('races of a title', () => {
  it('person renames meanwhile: their title stays', async () => {
    const [app, lines] = await appWithTitles([{ text: 'From the model', delayMs: 80 }]);
    const id = await begun(app);
    await app.conversations.update(owner, id, { title: 'Mine' });
    await titlesAreOver(app);
    expect(await titleOf(app, id)).toBe('Mine');
    expect(lines).toEqual([]);
  });

  it('conversation deleted meanwhile: nothing is written, nothing is logged, and it comes back as it was', async () => {
    const [app, lines] = await appWithTitles([{ text: 'From the model', delayMs: 80 }]);
    const id = await begun(app);
    await app.conversations.delete(owner, id);
    await titlesAreOver(app);
    await app.conversations.restore(owner, id);
    expect(await titleOf(app, id)).toBe('Where shall I go in Japan?');
    expect(lines).toEqual([]);
  });

  it('shutdown: it does not wait for the title', async () => {
    const [app, lines] = await appWithTitles([{ text: 'Late', delayMs: 60_000 }]);
    await begun(app);
    const startedMs = performance.now();
    await app.close();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(lines).toEqual([]);
  });

  it('a person wants the place: they get it at once, and the title comes afterwards', async () => {
    const [app] = await appWithTitles([
      { when: 'Where', text: 'Trip to Japan', delayMs: 300 },
      { text: longText, tokensPerSecond: 2000 },
    ]);
    const id = await begun(app);
    const request = question('Tell me everything');
    const replies = request.replies.map((reply) => ({ ...reply, modelId: 'titles' }));
    const other = await conversationIn(app);
    await app.conversations.update(owner, other, { title: 'Named' });
    const startedMs = performance.now();
    await app.generations.start(owner, other, { ...request, replies });
    const entries = await readAll(app, generationIdOf(request));
    const first = entries.findIndex(({ event }) => event.type === 'delta');
    expect(first).toBeGreaterThan(0);
    expect(await titleOf(app, id)).toBe('Where shall I go in Japan?');
    await expect.poll(() => titleOf(app, id), { timeout: 5000 }).toBe('Trip to Japan');
    // The wait before the first token of the title was begun again after the answer.
    expect(performance.now() - startedMs).toBeGreaterThan(350);
  });
});
