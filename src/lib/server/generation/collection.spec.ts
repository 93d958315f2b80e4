import { afterEach, describe, expect, it } from 'vitest';
import { randomConversation } from '../../domain/__fixtures__/random-conversation';
import { textOf } from '../../domain/parts';
import { toPortable, type PortableConversation, type WholeConversation } from '../../domain/portable';
import type { StreamItem } from '../../domain/stream';
import type { App } from '../app';
import {
  appWith,
  closeApps,
  conversationIn,
  generationIdOf,
  itemsOf,
  longText,
  messageIdOf,
  messageIn,
  owner,
  question,
  readAll,
  readDeltas,
} from './fixtures';

afterEach(closeApps);

const seeds = Array.from({ length: 40 }, (_, index) => index);
const asJson = (wholes: WholeConversation[]) =>
  JSON.parse(JSON.stringify(wholes.map(toPortable))) as PortableConversation[];

/** What the file of an owner has. */
async function exported(app: App, of = owner): Promise<PortableConversation[]> {
  const wholes: WholeConversation[] = [];
  for await (const whole of app.collection.all(of)) wholes.push(whole);
  return asJson(wholes);
}

const byCreation = (conversations: PortableConversation[]) =>
  conversations.toSorted((a, b) =>
    `${String(a.createdAt)}${a.id}` < `${String(b.createdAt)}${b.id}` ? -1 : 1,
  );

describe('export and import', () => {
  it('brings every conversation into an empty place, and its export is the same file', async () => {
    const file = asJson(seeds.map(randomConversation));
    const app = await appWith({ text: 'x' });
    const report = { imported: file.length, skipped: 0, refused: 0, faults: [] };
    expect(await app.collection.import(owner, file)).toEqual(report);
    expect(await exported(app)).toEqual(byCreation(file));
    expect(await app.collection.count(owner)).toBe(file.length);
  });

  it('changes nothing the second time, for the same owner or for another', async () => {
    const file = asJson(seeds.map(randomConversation));
    const app = await appWith({ text: 'x' });
    for (const name of [owner, 'other']) {
      const first = await app.collection.import(name, file);
      expect(first).toMatchObject({ imported: file.length, refused: 0 });
      const before = await exported(app, name);
      const again = await app.collection.import(name, file);
      expect(again).toMatchObject({ imported: 0, skipped: file.length, refused: 0 });
      expect(await exported(app, name)).toEqual(before);
    }
  });

  it('gives another owner the same trees under ids of their own', async () => {
    const [whole] = [randomConversation(3)];
    const app = await appWith({ text: 'x' });
    await app.collection.import(owner, asJson([whole]));
    await app.collection.import('other', asJson([whole]));
    const [copy] = await exported(app, 'other');
    const old = whole.messages.map(({ id }) => id);
    const now = copy?.messages.map(({ id }) => id) ?? [];
    expect(now).toHaveLength(old.length);
    expect(now.filter((id) => old.includes(id))).toEqual([]);
    // The same shape: each parent is the message at the same place.
    expect(copy?.messages.map(({ parentId }) => now.indexOf(parentId ?? ''))).toEqual(
      whole.messages.map(({ parentId }) => old.indexOf(parentId ?? '')),
    );
    expect(copy?.messages.map(({ parts }) => parts)).toEqual(whole.messages.map(({ parts }) => parts));
  });

  it('takes the sound conversations of a file, and says of the others what is wrong and where', async () => {
    const file: unknown[] = asJson([1, 2, 3].map(randomConversation));
    file[1] = { ...(file[1] as object), title: 7 };
    file.push('text', {
      ...randomConversation(4).conversation,
      modelId: 'a\0b',
      messages: [],
      generations: [],
    });
    const app = await appWith({ text: 'x' });
    const report = await app.collection.import(owner, JSON.parse(JSON.stringify(file)) as unknown[]);
    expect(report).toMatchObject({ imported: 2, skipped: 0, refused: 3 });
    expect(report.faults.map(({ path }) => path)).toEqual([
      'conversations.1.title',
      'conversations.3',
      'conversations.4.leafId',
    ]);
    expect(await app.collection.count(owner)).toBe(2);
  });

  it('exports an answer that is being written with its text so far, and brings it back as interrupted', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 100 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readDeltas(app, generationIdOf(request), 3);
    const whole = await app.collection.whole(owner, id);
    const answer = whole.messages.at(-1);
    expect(answer?.status).toBe('running');
    expect(textOf(answer?.parts ?? [])).toMatch(/^word0 word1/u);
    await app.collection.import('other', asJson([whole]));
    const [copy] = await exported(app, 'other');
    expect(copy?.messages.at(-1)).toMatchObject({ status: 'interrupted', parts: answer?.parts });
    expect(copy?.generations[0]?.status).toBe('interrupted');
  });
});

describe('an import of a conversation of which messages were deleted', () => {
  it('leaves that one alone and comes in as a copy, once', async () => {
    const app = await appWith({ text: 'Hello there.' });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readAll(app, generationIdOf(request));
    const before = await exported(app);
    await app.messages.delete(owner, id, messageIdOf(request));
    expect((await exported(app))[0]).toMatchObject({ messages: [{ role: 'user' }], generations: [] });
    expect(await app.collection.import(owner, before)).toMatchObject({ imported: 1, skipped: 0 });
    expect(await app.collection.import(owner, before)).toMatchObject({ imported: 0, skipped: 1 });
    const after = await exported(app);
    expect(after.find((one) => one.id === id)?.messages).toHaveLength(1);
    expect(after.filter((one) => one.id !== id)).toMatchObject([
      { messages: [{}, { parts: [{ text: 'Hello there.' }] }] },
    ]);
  });
});

describe('delete everything', () => {
  it('hides all, stops what runs with its text so far, tells the other tabs, and can be undone', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 100 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readDeltas(app, generationIdOf(request), 3);
    await app.settings.update(owner, { systemPrompt: 'Be short.' });
    const told = listen(app);
    const { deleted, deletedAt } = await app.collection.deleteAll(owner);
    expect(deleted).toBe(1);
    expect(await app.settings.get(owner)).toEqual({});
    expect((await app.conversations.list(owner, { limit: 9 })).conversations).toEqual([]);
    await expect(app.generations.start(owner, id, question('x'))).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect.poll(() => app.generations.isLive(generationIdOf(request))).toBe(false);
    const gone = { code: 'not-found' };
    await expect(app.collection.restoreAll(owner, new Date(0))).rejects.toMatchObject(gone);
    await expect(app.collection.restoreAll('other', deletedAt)).rejects.toMatchObject(gone);
    expect(await app.collection.restoreAll(owner, deletedAt)).toEqual({ restored: 1 });
    const answer = await messageIn(app, id, request.replies[0]?.messageIds[0] ?? '');
    expect(answer?.status).toBe('stopped');
    expect(textOf(answer?.parts ?? [])).toMatch(/^word0 word1/u);
    const events = await told.end();
    expect(await app.settings.get(owner)).toEqual({ systemPrompt: 'Be short.' });
    expect(events.filter((type) => type === 'settings-changed')).toHaveLength(2);
    expect(events.indexOf('list-cleared')).toBeGreaterThanOrEqual(0);
    expect(events.indexOf('list-changed')).toBeGreaterThan(events.indexOf('list-cleared'));
  });

  it('leaves alone what belongs to another', async () => {
    const app = await appWith({ text: 'Hello there.' });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    expect(await app.collection.deleteAll('other')).toMatchObject({ deleted: 0 });
    await readAll(app, generationIdOf(request));
    expect((await app.collection.whole(owner, id)).messages.at(-1)?.status).toBe('complete');
  });
});

/** The types of the owner's events until `end`. */
function listen(app: App) {
  const controller = new AbortController();
  const seen: StreamItem[] = [];
  const source = app.generations.events(owner, null, [], controller.signal);
  const reading = (async () => {
    for await (const items of itemsOf(source)) seen.push(...items);
  })();
  return {
    end: async () => {
      controller.abort();
      await reading;
      return seen.flatMap((item) => ('type' in item ? [item.type] : []));
    },
  };
}
