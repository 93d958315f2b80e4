import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  msLater,
  beginRun,
  makeConversation,
  makeFinish,
  makeStart,
  someDay,
  type BegunRun,
} from '../fixtures';
import type { Storage } from '../storage';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeConversations(open: OpenStorage): void {
  describeSummaries(open);
  describeUnread(open);
  describeRetitling(open);
  const use = withStorage(open);

  describe('conversations', () => {
    it('creates once, and answers the same request with what is there', () =>
      use(async ({ conversations }) => {
        const settings = { systemPrompt: 'Be short.', parameters: { stop: ['\n'], seed: 7 } };
        const made = makeConversation({ settings });
        const created = await conversations.create('ann', made);
        expect(created).toEqual({
          ...made,
          title: '',
          leafId: null,
          isPinned: false,
          updatedAt: someDay,
        });
        expect(created.createdAt).toBeInstanceOf(Date);
        expect(await conversations.create('ann', { ...made, modelId: 'other' })).toEqual(created);
        expect(await conversations.get('ann', made.id)).toEqual(created);
        expect(await conversations.open('ann', made.id)).toEqual({
          conversation: created,
          messages: [],
          generations: [],
        });
      }));

    it('changes what is given and nothing else', () =>
      use(async ({ conversations, generations }) => {
        const { id } = await conversations.create('ann', makeConversation());
        const start = makeStart(id);
        await generations.begin('ann', start);
        const before = await conversations.get('ann', id);
        const settings = { parameters: { seed: 1 } };
        const changes = {
          title: 'new',
          leafId: start.messages[0]?.id ?? '',
          modelId: 'other',
          settings,
          isPinned: true,
        };
        expect(await conversations.update('ann', id, changes)).toEqual({ ...before, ...changes });
        const untouched = await conversations.update('ann', id, { title: 'newer', modelId: undefined });
        expect(untouched).toEqual({ ...before, ...changes, title: 'newer' });
        expect(await conversations.get('ann', id)).toEqual(untouched);
      }));

    it('refuses a leaf that is no message of the conversation', () =>
      use(async (storage) => {
        const { conversations } = storage;
        const run = await beginRun(storage, 'ann');
        const other = await beginRun(storage, 'ann');
        for (const leafId of [other.answer.id, randomUUID(), null]) {
          expect(await faultOf(conversations.update('ann', run.conversationId, { leafId }))).toBe(
            'invalid-input',
          );
        }
        expect((await conversations.get('ann', run.conversationId)).leafId).toBe(run.answer.id);
      }));
  });
}

function describeSummaries(open: OpenStorage): void {
  const use = withStorage(open);

  describe('summaries', () => {
    it('says in the summary whether an answer is being written', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann', { title: 'words', at: msLater(5) });
        const summary = {
          id: run.conversationId,
          kind: 'chat',
          title: 'words',
          modelId: 'model',
          updatedAt: msLater(5),
          isPinned: false,
        };
        const { conversations } = storage;
        expect(await conversations.summary('ann', run.conversationId)).toEqual({
          ...summary,
          isRunning: true,
          isUnread: false,
        });
        await storage.generations.finish([makeFinish(run, 'answer')]);
        expect((await conversations.list('ann', { limit: 1 })).conversations).toEqual([
          { ...summary, isRunning: false, isUnread: true },
        ]);
      }));
  });
}

function describeRetitling(open: OpenStorage): void {
  const use = withStorage(open);

  describe('retitling', () => {
    it('changes a title that is still the one that is known, once, and nothing else', () =>
      use(async ({ conversations }) => {
        const made = makeConversation();
        await conversations.create('ann', made);
        await conversations.update('ann', made.id, { title: 'First words' });
        const before = await conversations.get('ann', made.id);
        const titles = { from: 'First words', to: 'A better one' };
        const outcomes = await Promise.all([
          conversations.retitle('ann', made.id, titles),
          conversations.retitle('ann', made.id, titles),
        ]);
        expect(outcomes.sort()).toEqual([false, true]);
        expect(await conversations.get('ann', made.id)).toEqual({ ...before, title: 'A better one' });
      }));

    it('leaves a title that a person has set meanwhile', () =>
      use(async ({ conversations }) => {
        const made = makeConversation();
        await conversations.create('ann', made);
        await conversations.update('ann', made.id, { title: 'Mine' });
        expect(await conversations.retitle('ann', made.id, { from: 'First words', to: 'Other' })).toBe(false);
        expect((await conversations.get('ann', made.id)).title).toBe('Mine');
      }));
  });
}

function describeUnread(open: OpenStorage): void {
  const use = withStorage(open);

  describe('unread', () => {
    const isUnread = async ({ conversations }: Storage, { conversationId: id }: BegunRun) =>
      (await conversations.summary('ann', id)).isUnread;

    it.each(['completed', 'failed', 'interrupted'] as const)('is what has %s, until it is read', (status) =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann');
        expect(await isUnread(storage, run)).toBe(false);
        await storage.generations.finish([makeFinish(run, 'answer', { status })]);
        expect(await isUnread(storage, run)).toBe(true);
        expect(await storage.conversations.markRead('ann', run.conversationId)).toBe(true);
        expect(await isUnread(storage, run)).toBe(false);
        expect(await storage.conversations.markRead('ann', run.conversationId)).toBe(false);
        await storage.generations.finish([makeFinish(run, 'answer', { status })]);
        expect(await isUnread(storage, run), 'the end that is known already').toBe(false);
      }),
    );

    it('is not what a person stopped', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann');
        await storage.generations.finish([makeFinish(run, 'answer', { status: 'stopped' })]);
        expect(await isUnread(storage, run)).toBe(false);
      }));
  });
}

export function describePaging(open: OpenStorage): void {
  describePins(open);
  const use = withStorage(open);

  describe('list', () => {
    it('pages newest first, each once, also when times are equal', () =>
      use(async (storage) => {
        const made = [];
        for (const ms of [0, 5, 5, 5, 2, 2, 9]) {
          const { conversationId: id } = await beginRun(storage, 'ann', { at: msLater(ms) });
          made.push({ id, ms });
        }
        made.sort((a, b) => b.ms - a.ms || (a.id < b.id ? 1 : -1));
        for (const limit of [1, 2, 3, 7, 50]) {
          expect(await pagesOf(storage, limit)).toEqual(made.map(({ id }) => id));
        }
      }));

    it('ends with null, also when the last page is full', () =>
      use(async (storage) => {
        await beginRun(storage, 'ann');
        await beginRun(storage, 'ann');
        expect((await storage.conversations.list('ann', { limit: 2 })).next).toBeNull();
        expect(await storage.conversations.list('nobody', { limit: 2 })).toEqual({
          conversations: [],
          next: null,
        });
      }));

    it('leaves out what has no message, and moves up what has a new one', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        await conversations.create('ann', makeConversation({ createdAt: msLater(100) }));
        const first = await beginRun(storage, 'ann', { at: msLater(1) });
        const second = await beginRun(storage, 'ann', { at: msLater(2) });
        expect(await pagesOf(storage, 9)).toEqual([second.conversationId, first.conversationId]);
        await generations.finish([makeFinish(first, 'answer')]);
        await generations.begin('ann', makeStart(first.conversationId, { at: msLater(3) }));
        expect(await pagesOf(storage, 9)).toEqual([first.conversationId, second.conversationId]);
      }));

    it('refuses a cursor that it never gave', () =>
      use(async ({ conversations }) => {
        for (const before of [
          '',
          'x',
          '12',
          `-1_${randomUUID()}`,
          `12_${randomUUID()}`,
          '{"$gt":""}',
          '_',
          '0_1_\u0000',
        ]) {
          expect(await faultOf(conversations.list('ann', { before, limit: 5 }))).toBe('invalid-input');
        }
      }));
  });
}

function describePins(open: OpenStorage): void {
  const use = withStorage(open);

  describe('pins', () => {
    it('lists what is pinned first, wherever a page ends', () =>
      use(async (storage) => {
        const ids: string[] = [];
        for (const ms of [4, 3, 2, 1, 0]) {
          ids.push((await beginRun(storage, 'ann', { at: msLater(ms) })).conversationId);
        }
        const [a = '', b = '', c = '', d = '', e = ''] = ids;
        for (const id of [e, b]) await storage.conversations.update('ann', id, { isPinned: true });
        for (const limit of [1, 2, 3, 9]) expect(await pagesOf(storage, limit)).toEqual([b, e, a, c, d]);
        const [first] = (await storage.conversations.list('ann', { limit: 1 })).conversations;
        expect(first).toMatchObject({ isPinned: true, updatedAt: msLater(3) });
        await storage.conversations.update('ann', b, { isPinned: false });
        expect(await pagesOf(storage, 2)).toEqual([e, a, b, c, d]);
      }));
  });
}

/** The ids of all pages, one after the other. */
async function pagesOf(storage: Storage, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let before: string | null = null;
  do {
    const page = await storage.conversations.list('ann', { limit, ...(before !== null && { before }) });
    expect(page.conversations.length).toBeLessThanOrEqual(limit);
    ids.push(...page.conversations.map(({ id }) => id));
    before = page.next;
  } while (before !== null);
  return ids;
}
