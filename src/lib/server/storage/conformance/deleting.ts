import { describe, expect, it } from 'vitest';
import {
  msLater,
  beginRun,
  deltaEntries,
  endEntry,
  makeConversation,
  makeFinish,
  makeStart,
  someDay,
} from '../fixtures';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeDeleting(open: OpenStorage): void {
  describePurging(open);
  const use = withStorage(open);

  describe('delete, restore and purge', () => {
    it('brings everything back', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await beginRun(storage, 'ann');
        await generations.append([{ generationId: run.generationId, entries: deltaEntries(1, 'a', 'b') }]);
        const before = await conversations.open('ann', run.conversationId);
        await conversations.delete('ann', run.conversationId, someDay);
        await conversations.delete('ann', run.conversationId, msLater(1));
        expect(await conversations.list('ann', { limit: 9 })).toEqual({ conversations: [], next: null });
        expect(await conversations.restore('ann', run.conversationId)).toEqual(before.conversation);
        expect(await conversations.restore('ann', run.conversationId)).toEqual(before.conversation);
        expect(await conversations.open('ann', run.conversationId)).toEqual(before);
        expect(await generations.entries('ann', run.generationId, 0, 9)).toHaveLength(2);
        expect((await conversations.list('ann', { limit: 9 })).conversations).toHaveLength(1);
      }));

    it('still takes the last entries and the end of a run while deleted', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await beginRun(storage, 'ann');
        await conversations.delete('ann', run.conversationId, someDay);
        const entries = [...deltaEntries(1, 'text'), endEntry(2, { status: 'stopped' })];
        expect(await generations.append([{ generationId: run.generationId, entries }])).toEqual(['stored']);
        await generations.finish([makeFinish(run, 'text', { status: 'stopped' })]);
        await conversations.restore('ann', run.conversationId);
        expect((await generations.get('ann', run.generationId)).status).toBe('stopped');
        expect(await generations.entries('ann', run.generationId, 0, 9)).toEqual(entries);
      }));
  });
}

function describePurging(open: OpenStorage): void {
  const use = withStorage(open);

  describe('purge', () => {
    it('purges what was deleted before a time, oldest first, and all that hangs from it', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const runs = [];
        for (const ms of [3, 1, 2]) {
          const run = await beginRun(storage, 'ann');
          await generations.append([{ generationId: run.generationId, entries: deltaEntries(1, 'a') }]);
          await conversations.delete('ann', run.conversationId, msLater(ms));
          runs.push(run);
        }
        await beginRun(storage, 'ann');
        expect(await conversations.purge(msLater(1), 9)).toBe(0);
        expect(await conversations.purge(msLater(3), 1)).toBe(1);
        expect(await conversations.purge(msLater(3), 9)).toBe(1);
        const [last, ...gone] = runs;
        for (const { conversationId, generationId, start } of gone) {
          expect(await faultOf(conversations.restore('ann', conversationId))).toBe('not-found');
          expect(await faultOf(conversations.delete('ann', conversationId, someDay))).toBe('not-found');
          expect(
            await generations.append([{ generationId, entries: deltaEntries(2, 'late') }]),
            'a run that is gone takes nothing more',
          ).toEqual(['collided']);
          // Every id is free again: nothing of it is left anywhere.
          await conversations.create('bob', makeConversation({ id: conversationId }));
          expect(await generations.begin('bob', start)).toBe('begun');
          expect(await generations.entries('bob', generationId, 0, 9)).toEqual([]);
        }
        await conversations.restore('ann', last?.conversationId ?? '');
        expect(await conversations.purge(msLater(99), 9)).toBe(0);
      }));

    it('does not bring back a branch that began while it was deleted', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await beginRun(storage, 'ann');
        await conversations.delete('ann', run.conversationId, someDay);
        expect(await faultOf(generations.begin('ann', makeStart(run.conversationId)))).toBe('not-found');
        await conversations.restore('ann', run.conversationId);
        expect((await conversations.open('ann', run.conversationId)).messages).toHaveLength(2);
      }));
  });
}
