import { describe, expect, it } from 'vitest';
import {
  beginRun,
  deltaEntries,
  endEntry,
  makeConversation,
  makeFinish,
  makeStart,
  someDay,
} from '../fixtures';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeRaces(open: OpenStorage): void {
  describeStartRaces(open);
  describeEndRaces(open);
  describeDeleteRaces(open);
}

function describeStartRaces(open: OpenStorage): void {
  const use = withStorage(open);

  describe('races at the start', () => {
    it('create against create: one conversation', () =>
      use(async ({ conversations }) => {
        const made = makeConversation();
        const [one, two] = await Promise.all([
          conversations.create('ann', made),
          conversations.create('ann', made),
        ]);
        expect(one).toEqual(two);
        expect(await faultOf(conversations.create('bob', made))).toBe('conflict');
      }));

    it('begin against the same begin: one begins, the others find it', () =>
      use(async ({ conversations, generations }) => {
        const { id } = await conversations.create('ann', makeConversation());
        const start = makeStart(id, { choices: [1, 2] });
        const begins = [1, 2, 3].map(() => generations.begin('ann', start));
        expect((await Promise.all(begins)).sort()).toEqual(['begun', 'existing', 'existing']);
        expect((await conversations.open('ann', id)).messages).toEqual(start.messages);
      }));

    it('begin against the same ids with another body: one begins, the other is a conflict', () =>
      use(async ({ conversations, generations }) => {
        const { id } = await conversations.create('ann', makeConversation());
        const start = makeStart(id);
        const other = {
          ...start,
          generations: start.generations.map((generation) => ({ ...generation, requestHash: 'other' })),
        };
        const outcomes = await Promise.allSettled([
          generations.begin('ann', start),
          generations.begin('ann', other),
        ]);
        const begun = outcomes.filter(({ status }) => status === 'fulfilled');
        const refused = outcomes.filter(({ status }) => status === 'rejected');
        expect(begun).toMatchObject([{ value: 'begun' }]);
        expect(refused).toMatchObject([{ reason: { code: 'conflict' } }]);
        expect((await conversations.open('ann', id)).messages).toHaveLength(2);
      }));

    it('stop before the first token: the flag waits for the process, with nothing read', () =>
      use(async (storage) => {
        const { generations } = storage;
        const { generationId } = await beginRun(storage, 'ann', { processId: 'here' });
        await Promise.all([
          generations.requestStop('ann', { generationId, throughSeq: 0 }),
          generations.markRunning([generationId]),
        ]);
        expect(await generations.stopRequests('here')).toEqual([{ generationId, throughSeq: 0 }]);
      }));
  });
}

function describeEndRaces(open: OpenStorage): void {
  const use = withStorage(open);

  describe('races at the end', () => {
    it("the reaper's end against a late batch of the run: exactly one is stored", () =>
      use(async (storage) => {
        const { generations } = storage;
        const { generationId } = await beginRun(storage, 'ann');
        await generations.append([{ generationId, entries: deltaEntries(1, 'a', 'b') }]);
        const end = { generationId, entries: [endEntry(3, { status: 'interrupted' })] };
        const late = { generationId, entries: [...deltaEntries(3, 'c', 'd'), endEntry(5)] };
        const outcomes = await Promise.all([generations.append([end]), generations.append([late])]);
        expect(outcomes.flat().sort()).toEqual(['collided', 'stored']);
        const winner = outcomes[0]?.[0] === 'stored' ? end : late;
        expect(await generations.entries('ann', generationId, 2, 9)).toEqual(winner.entries);
      }));

    it('finish against finish: the status and the text are of the same end', () =>
      use(async (storage) => {
        const { generations } = storage;
        const run = await beginRun(storage, 'ann');
        const ends = [makeFinish(run, 'whole'), makeFinish(run, 'half', { status: 'interrupted' })];
        await Promise.all(ends.map((end) => generations.finish([end])));
        const { status } = await generations.get('ann', run.generationId);
        const winner = ends.find(({ end }) => end.status === status);
        expect(await generations.messages('ann', run.generationId)).toEqual(winner?.messages);
      }));
  });
}

function describeDeleteRaces(open: OpenStorage): void {
  const use = withStorage(open);

  describe('races with delete', () => {
    it.each(['finish first', 'delete first'])(
      'finish against delete, %s: it has ended when it is back',
      (order) =>
        use(async (storage) => {
          const { conversations, generations } = storage;
          const run = await beginRun(storage, 'ann');
          const finish = () => generations.finish([makeFinish(run, 'answer')]);
          const hide = () => conversations.delete('ann', run.conversationId, someDay);
          await Promise.all(order === 'finish first' ? [finish(), hide()] : [hide(), finish()]);
          expect(await faultOf(generations.get('ann', run.generationId))).toBe('not-found');
          await conversations.restore('ann', run.conversationId);
          expect((await generations.get('ann', run.generationId)).status).toBe('completed');
        }),
    );

    it('delete while appending: no batch is lost and none fails', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const { conversationId, generationId } = await beginRun(storage, 'ann');
        const appends = [1, 2, 3].map((seq) =>
          generations.append([{ generationId, entries: deltaEntries(seq, `${String(seq)} `) }]),
        );
        const hidden = conversations.delete('ann', conversationId, someDay);
        const last = generations.append([{ generationId, entries: [endEntry(4, { status: 'stopped' })] }]);
        expect((await Promise.all([...appends, last])).flat()).toEqual(Array(4).fill('stored'));
        await hidden;
        await conversations.restore('ann', conversationId);
        expect(await generations.entries('ann', generationId, 0, 9)).toHaveLength(4);
      }));

    it('purge against restore: all of it is there, or nothing', () =>
      use(async (storage) => {
        const { conversations } = storage;
        const { conversationId } = await beginRun(storage, 'ann');
        await conversations.delete('ann', conversationId, someDay);
        const [restored, purged] = await Promise.allSettled([
          conversations.restore('ann', conversationId),
          conversations.purge(new Date(), 9),
        ]);
        const isBack = restored.status === 'fulfilled';
        expect(purged).toEqual({ status: 'fulfilled', value: isBack ? 0 : 1 });
        if (isBack) expect((await conversations.open('ann', conversationId)).messages).toHaveLength(2);
      }));
  });
}
