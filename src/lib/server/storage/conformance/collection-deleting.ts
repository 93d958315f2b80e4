import { describe, expect, it } from 'vitest';
import { beginRun, endEntry, makeConversation, makeFinish, msLater, someDay } from '../fixtures';
import { madeElsewhere, wholeOf } from './collection';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeCollectionDeleting(open: OpenStorage): void {
  describeDeletedMessages(open);
  describeDeletingAll(open);
  describeDeletingDefaults(open);
}

function describeDeletedMessages(open: OpenStorage): void {
  const use = withStorage(open);

  describe('messages that were deleted', () => {
    it('are not read, nor are runs of which none is left', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann', { choices: [2, 1] });
        const [both, other] = run.start.generations.map(({ messageIds }) => messageIds);
        const remove = (messageId = '') =>
          storage.messages.delete('ann', { conversationId: run.conversationId, messageId, at: someDay });
        const read = async () => {
          const { messages, generations } = await storage.collection.whole('ann', run.conversationId);
          return { messages: messages.map(({ id }) => id), generations: generations.map(({ id }) => id) };
        };
        const [first, second] = run.start.generations.map(({ id }) => id);
        await remove(other?.[0]);
        expect(await read()).toEqual({ messages: [run.user.id, ...(both ?? [])], generations: [first] });
        await remove(both?.[0]);
        expect(await read()).toEqual({ messages: [run.user.id, both?.[1]], generations: [first] });
        await remove(run.user.id);
        expect(await read()).toEqual({ messages: [], generations: [] });
        expect(await storage.collection.count('ann')).toBe(0);
        await storage.messages.restore('ann', run.conversationId, run.user.id);
        await storage.messages.restore('ann', run.conversationId, other?.[0] ?? '');
        expect((await read()).generations.toSorted()).toEqual([first, second].toSorted());
      }));

    it('are not brought back by an import of their conversation', () =>
      use(async (storage) => {
        const whole = await madeElsewhere(open);
        const { collection, messages } = storage;
        const { id: conversationId, leafId } = whole.conversation;
        await collection.import('ann', whole);
        await messages.delete('ann', { conversationId, messageId: leafId ?? '', at: someDay });
        expect(await collection.import('ann', whole)).toBe('taken');
        expect((await collection.whole('ann', conversationId)).messages).toEqual(whole.messages.slice(0, 1));
        await messages.restore('ann', conversationId, leafId ?? '');
        expect(await collection.import('ann', whole)).toBe('existing');
        await messages.delete('ann', { conversationId, messageId: leafId ?? '', at: someDay });
        await messages.purge(msLater(1), 9);
        expect(await collection.import('ann', whole)).toBe('taken');
      }));
  });
}

function describeDeletingAll(open: OpenStorage): void {
  const use = withStorage(open);

  describe('delete all', () => {
    it('hides all of one owner, flags their runs, and brings back those and no others', () =>
      use(async (storage) => {
        const { collection, conversations, generations } = storage;
        const run = await beginRun(storage, 'ann', { processId: 'here' });
        const others = await beginRun(storage, 'bob', { processId: 'here' });
        const ids = [run.conversationId, await wholeOf(storage, someDay), await wholeOf(storage, someDay)];
        const before = ids[2] ?? '';
        await conversations.delete('ann', before, msLater(1));
        const draft = await conversations.create('ann', makeConversation());
        expect(await collection.deleteAll('ann', msLater(2))).toBe(2);
        expect(await collection.deleteAll('ann', msLater(3))).toBe(0);
        expect(await collection.count('ann')).toBe(0);
        expect(await collection.count('bob')).toBe(1);
        expect(await faultOf(conversations.get('ann', draft.id))).toBe('not-found');
        expect(await generations.stopRequests('here')).toEqual([
          { generationId: run.generationId, throughSeq: undefined },
        ]);
        await generations.append([{ generationId: run.generationId, entries: [endEntry(1)] }]);
        await generations.finish([makeFinish(run, 'so far', { status: 'stopped' })]);
        expect(await collection.restoreAll('ann', msLater(3))).toBe(0);
        expect(await collection.restoreAll('bob', msLater(2))).toBe(0);
        expect(await collection.restoreAll('ann', msLater(2))).toBe(2);
        expect(await collection.restoreAll('ann', msLater(2))).toBe(0);
        expect((await collection.whole('ann', run.conversationId)).generations[0]?.status).toBe('stopped');
        expect(await faultOf(conversations.get('ann', before))).toBe('not-found');
        expect((await conversations.get('bob', others.conversationId)).leafId).not.toBeNull();
      }));

    it('is purged like any deletion', () =>
      use(async (storage) => {
        await beginRun(storage, 'ann');
        await beginRun(storage, 'ann');
        await storage.collection.deleteAll('ann', msLater(1));
        expect(await storage.conversations.purge(msLater(2), 9)).toBe(2);
        expect(await storage.collection.restoreAll('ann', msLater(1))).toBe(0);
      }));
  });
}

function describeDeletingDefaults(open: OpenStorage): void {
  const use = withStorage(open);

  describe('delete all', () => {
    it('hides the defaults, too, and brings them back, but not over new ones', () =>
      use(async ({ collection, settings }) => {
        await settings.update('ann', { systemPrompt: 'Be short.' });
        await settings.update('bob', { systemPrompt: 'of Bob' });
        await collection.deleteAll('ann', msLater(1));
        expect([await settings.get('ann'), await settings.get('bob')]).toEqual([
          {},
          { systemPrompt: 'of Bob' },
        ]);
        await collection.restoreAll('bob', msLater(1));
        expect(await settings.get('ann')).toEqual({});
        await collection.restoreAll('ann', msLater(1));
        expect(await settings.get('ann')).toEqual({ systemPrompt: 'Be short.' });
        await collection.deleteAll('ann', msLater(2));
        const parameters = { seed: 7 };
        expect(await settings.update('ann', { parameters })).toEqual({ parameters });
        await collection.restoreAll('ann', msLater(2));
        expect(await settings.get('ann')).toEqual({ parameters });
        await collection.deleteAll('ann', msLater(3));
        expect([await settings.purge(msLater(3)), await settings.purge(msLater(4))]).toEqual([0, 1]);
        await collection.restoreAll('ann', msLater(3));
        expect([await settings.get('ann'), await settings.get('bob')]).toEqual([
          {},
          { systemPrompt: 'of Bob' },
        ]);
      }));
  });
}
