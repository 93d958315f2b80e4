import { describe, expect, it } from 'vitest';
import { textOf } from '../../../domain/parts';
import { beginRun, deltaEntries, endEntry, makeFinish, makeStart, msLater, someDay } from '../fixtures';
import { deletionOf, editOf, ended, forkOf } from './messages';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

/** Races of what people do with single messages. */
export function describeMessageRaces(open: OpenStorage): void {
  describeDeleteRaces(open);
  describeDoubleDelete(open);
  describeUndoRaces(open);
  const use = withStorage(open);

  describe('races of edits and forks', () => {
    it('edit against edit of one answer: both are versions', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const edits = [editOf(run), editOf(run)];
        await Promise.all(edits.map((edit) => storage.messages.add('ann', edit)));
        const { conversation, messages } = await storage.conversations.open('ann', run.conversationId);
        expect(messages.slice(2)).toEqual(edits);
        expect(edits.map(({ id }) => id)).toContain(conversation.leafId);
      }));

    it('edit against the same edit: one is added, the other finds it', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const edited = editOf(run);
        const outcomes = await Promise.all([1, 2].map(() => storage.messages.add('ann', edited)));
        expect(outcomes.sort()).toEqual(['added', 'existing']);
      }));

    it('fork against the same fork: one conversation', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const fork = forkOf(run, run.answer.id);
        const [one, two] = await Promise.all([1, 2].map(() => storage.messages.fork('ann', fork)));
        expect(one).toEqual(two);
        expect((await storage.conversations.open('ann', fork.id)).messages).toHaveLength(2);
      }));
  });
}

function describeDeleteRaces(open: OpenStorage): void {
  const use = withStorage(open);

  describe('races with the deletion of a message', () => {
    it.each(['finish first', 'delete first'])(
      'finish against delete, %s: it has ended when it is back',
      (order) =>
        use(async (storage) => {
          const { generations, messages } = storage;
          const run = await beginRun(storage, 'ann');
          const finish = () => generations.finish([makeFinish(run, 'whole')]);
          const hide = () => messages.delete('ann', deletionOf(run, run.answer.id));
          await Promise.all(order === 'finish first' ? [finish(), hide()] : [hide(), finish()]);
          expect((await storage.conversations.open('ann', run.conversationId)).messages).toEqual([run.user]);
          await messages.restore('ann', run.conversationId, run.answer.id);
          const [, answer] = (await storage.conversations.open('ann', run.conversationId)).messages;
          expect([answer?.status, textOf(answer?.parts ?? [])]).toEqual(['complete', 'whole']);
        }),
    );

    it('delete while appending: no batch is lost and none fails', () =>
      use(async (storage) => {
        const { generations, messages } = storage;
        const run = await beginRun(storage, 'ann');
        const { generationId } = run;
        const appends = [1, 2].map((seq) =>
          generations.append([{ generationId, entries: deltaEntries(seq, 'text ') }]),
        );
        const hidden = messages.delete('ann', deletionOf(run, run.answer.id));
        const last = generations.append([{ generationId, entries: [endEntry(3, { status: 'stopped' })] }]);
        expect((await Promise.all([...appends, last])).flat()).toEqual(Array(3).fill('stored'));
        await hidden;
        expect(await generations.entries('ann', generationId, 0, 9)).toHaveLength(3);
      }));

    it.each(['begin first', 'delete first'])(
      'delete against begin below it, %s: nothing is shown of it',
      (order) =>
        use(async (storage) => {
          const { conversations, generations, messages } = storage;
          const run = await ended(storage);
          const start = makeStart(run.conversationId, { parentId: run.answer.id });
          const begin = () => generations.begin('ann', start);
          const hide = () => messages.delete('ann', deletionOf(run, run.answer.id));
          const calls = order === 'begin first' ? [begin(), hide()] : [hide(), begin()];
          const outcomes = await Promise.allSettled(calls);
          if (order === 'delete first') outcomes.reverse();
          const [begun, deleted] = outcomes;
          expect(deleted?.status).toBe('fulfilled');
          if (begun?.status === 'rejected') expect(begun).toMatchObject({ reason: { code: 'not-found' } });
          expect((await conversations.open('ann', run.conversationId)).messages).toEqual([run.user]);
        }),
    );
  });
}

function describeDoubleDelete(open: OpenStorage): void {
  const use = withStorage(open);

  describe('races of deletions of one message', () => {
    it('delete against delete: one hides, the other finds it hidden', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const deletion = deletionOf(run, run.answer.id);
        const both = await Promise.all([
          storage.messages.delete('ann', deletion),
          storage.messages.delete('ann', { ...deletion, at: msLater(5) }),
        ]);
        expect(both.map(({ messageIds }) => messageIds.length).sort()).toEqual([0, 1]);
        expect(both.map(({ leafId }) => leafId)).toEqual([run.user.id, run.user.id]);
        // The first counts: the hour begins with it.
        expect(await storage.messages.purge(msLater(1), 9)).toBe(1);
      }));
  });
}

function describeUndoRaces(open: OpenStorage): void {
  const use = withStorage(open);

  describe('undoing deletions of messages', () => {
    it.each(['the child first', 'the parent first'])(
      'a child was deleted, then its parent; undone with %s, everything is back',
      (order) =>
        use(async (storage) => {
          const { conversations, messages } = storage;
          const run = await ended(storage);
          const before = await conversations.open('ann', run.conversationId);
          await messages.delete('ann', deletionOf(run, run.answer.id));
          const parent = await messages.delete('ann', { ...deletionOf(run, run.user.id), at: msLater(1) });
          expect(parent.messageIds).toEqual([run.user.id]);
          const [first, second] =
            order === 'the child first' ? [run.answer.id, run.user.id] : [run.user.id, run.answer.id];
          await messages.restore('ann', run.conversationId, first);
          const half = (await conversations.open('ann', run.conversationId)).messages;
          expect(half).toEqual(order === 'the child first' ? [] : [run.user]);
          await messages.restore('ann', run.conversationId, second);
          const { messages: all } = await conversations.open('ann', run.conversationId);
          expect(all).toEqual(before.messages);
          expect(await messages.purge(msLater(99), 9)).toBe(0);
        }),
    );

    it('restore after purge: it is gone', () =>
      use(async (storage) => {
        const run = await ended(storage);
        await storage.messages.delete('ann', deletionOf(run, run.answer.id));
        const [purged, restored] = await Promise.allSettled([
          storage.messages.purge(msLater(1), 9),
          storage.messages.restore('ann', run.conversationId, run.answer.id),
        ]);
        const isGone = restored.status === 'rejected';
        expect(purged).toEqual({ status: 'fulfilled', value: isGone ? 1 : 0 });
        await storage.messages.purge(msLater(1), 9);
        if (isGone) {
          const call = storage.messages.restore('ann', run.conversationId, run.answer.id);
          expect(await faultOf(call)).toBe('not-found');
        }
      }));

    it('purge of the parent takes a child that came back into its deletion', () =>
      use(async (storage) => {
        const { messages } = storage;
        const run = await ended(storage);
        await messages.delete('ann', { ...deletionOf(run, run.answer.id), at: someDay });
        await messages.delete('ann', { ...deletionOf(run, run.user.id), at: msLater(5) });
        await messages.restore('ann', run.conversationId, run.answer.id);
        expect(await messages.purge(msLater(5), 9), 'the hour of the parent counts').toBe(0);
        expect(await messages.purge(msLater(6), 9)).toBe(1);
        expect(await faultOf(messages.restore('ann', run.conversationId, run.answer.id))).toBe('not-found');
      }));
  });
}
