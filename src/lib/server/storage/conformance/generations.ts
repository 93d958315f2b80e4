import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { beginRun, endEntry, makeConversation, makeFinish, makeStart, msLater } from '../fixtures';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeGenerations(open: OpenStorage): void {
  const use = withStorage(open);

  describe('begin', () => {
    it('stores question, answers and runs as they were given, oldest first', () =>
      use(async ({ conversations, generations }) => {
        const { id } = await conversations.create('ann', makeConversation());
        const start = makeStart(id, { choices: [2, 1], prefix: 'Once', at: msLater(7) });
        expect(await generations.begin('ann', start)).toBe('begun');
        const opened = await conversations.open('ann', id);
        expect(opened.messages).toEqual(start.messages);
        expect(opened.messages.every(({ createdAt }) => createdAt instanceof Date)).toBe(true);
        expect(new Set(opened.generations)).toEqual(new Set(start.generations));
        expect(opened.conversation).toMatchObject({
          title: 'first words',
          leafId: start.leafId,
          updatedAt: msLater(7),
        });
        for (const generation of start.generations) {
          expect(await generations.get('ann', generation.id)).toEqual(generation);
          const messages = await generations.messages('ann', generation.id);
          expect(messages.map((message) => message.id)).toEqual(generation.messageIds);
        }
      }));

    it('keeps the title that is there', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann', { title: 'one' });
        await storage.generations.begin('ann', makeStart(run.conversationId, { title: 'two' }));
        expect((await storage.conversations.get('ann', run.conversationId)).title).toBe('one');
      }));

    it('stores nothing when it is refused', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await beginRun(storage, 'ann');
        const other = await beginRun(storage, 'ann');
        const before = await conversations.open('ann', run.conversationId);
        const fresh = makeStart(run.conversationId);
        const [user, answer] = fresh.messages;
        const [generation] = fresh.generations;
        if (!user || !answer || !generation) throw new Error('The fixture has no run.');
        const elsewhere = makeStart(run.conversationId, { parentId: other.user.id });
        const taken = { ...fresh, messages: [user, { ...answer, id: other.answer.id }] };
        const twice = { ...fresh, generations: [generation, generation] };
        const some = { ...fresh, generations: [generation, ...run.start.generations] };
        const copied = { ...fresh, generations: other.start.generations };
        expect(await faultOf(generations.begin('ann', elsewhere)), 'parent elsewhere').toBe('not-found');
        const nowhere = makeStart(run.conversationId, { parentId: randomUUID() });
        expect(await faultOf(generations.begin('ann', nowhere)), 'no parent').toBe('not-found');
        expect(await faultOf(generations.begin('ann', makeStart(randomUUID())))).toBe('not-found');
        for (const start of [taken, twice, some, copied]) {
          expect(await faultOf(generations.begin('ann', start))).toBe('conflict');
        }
        expect(await conversations.open('ann', run.conversationId)).toEqual(before);
        expect(await generations.begin('ann', fresh), 'after all that').toBe('begun');
      }));
  });
}

export function describeEnds(open: OpenStorage): void {
  describeHousekeeping(open);
  const use = withStorage(open);

  describe('the life of a run', () => {
    it('goes from queued to running, and not back from its end', () =>
      use(async (storage) => {
        const { generations } = storage;
        const run = await beginRun(storage, 'ann');
        await generations.markRunning([run.generationId, randomUUID()]);
        expect((await generations.get('ann', run.generationId)).status).toBe('running');
        await generations.finish([makeFinish(run, 'answer')]);
        await generations.markRunning([run.generationId]);
        expect((await generations.get('ann', run.generationId)).status).toBe('completed');
      }));

    it('ends with its messages, and keeps the first end', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await beginRun(storage, 'ann');
        const usage = { promptTokens: 3, completionTokens: 4 };
        const error = { code: 'internal' as const, message: 'Broke.', retryable: true };
        const finish = makeFinish(run, 'text', { status: 'failed', finishReason: 'length', usage, error });
        await generations.finish([finish, { ...finish, generationId: randomUUID() }]);
        const ended = await generations.get('ann', run.generationId);
        const { status, finishReason } = finish.end;
        expect(ended).toMatchObject({ status, finishReason, usage, error, endedAt: finish.endedAt });
        expect(await generations.messages('ann', run.generationId)).toEqual(finish.messages);
        await generations.finish([makeFinish(run, 'later')]);
        expect(await generations.get('ann', run.generationId)).toEqual(ended);
        const opened = await conversations.open('ann', run.conversationId);
        expect(opened).toMatchObject({ messages: [run.user, ...finish.messages], generations: [] });
      }));

    it('writes no message of another run', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann');
        const other = await beginRun(storage, 'bob');
        const finish = makeFinish(run, 'text');
        await storage.generations.finish([
          { ...finish, messages: [...finish.messages, { ...other.answer, status: 'complete' }] },
        ]);
        expect(await storage.generations.messages('bob', other.generationId)).toEqual([other.answer]);
      }));
  });
}

function describeHousekeeping(open: OpenStorage): void {
  const use = withStorage(open);

  describe('orphans and stops', () => {
    it('lists the runs that no living process has, with their owner', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const late = await beginRun(storage, 'ann', { processId: 'dead', at: msLater(2) });
        const early = await beginRun(storage, 'bob', { processId: 'gone', at: msLater(1) });
        const living = await beginRun(storage, 'ann', { processId: 'living' });
        const ended = await beginRun(storage, 'ann', { processId: 'dead' });
        const deleted = await beginRun(storage, 'ann', { processId: 'dead', at: msLater(3) });
        await generations.finish([makeFinish(ended, 'answer')]);
        await conversations.delete('ann', deleted.conversationId, msLater(1));
        const orphans = await generations.orphans(['living', 'other'], 9);
        expect(orphans).toEqual([
          { owner: 'bob', generation: early.start.generations[0] },
          { owner: 'ann', generation: late.start.generations[0] },
        ]);
        expect(await generations.orphans(['living'], 1)).toEqual(orphans.slice(0, 1));
        expect(await generations.orphans([], 9)).toHaveLength(3);
        await conversations.restore('ann', deleted.conversationId);
        const ids = (await generations.orphans(['living'], 9)).map(({ generation }) => generation.id);
        expect(ids).toEqual([early.generationId, late.generationId, deleted.generationId]);
        expect(ids).not.toContain(living.generationId);
      }));

    it('leaves flags for the process that runs it; the first counts, the end clears it', () =>
      use(async (storage) => {
        const { generations } = storage;
        const run = await beginRun(storage, 'ann', { processId: 'here' });
        const other = await beginRun(storage, 'ann', { processId: 'there' });
        const { generationId } = run;
        await generations.requestStop('ann', { generationId, throughSeq: 4 });
        await generations.requestStop('ann', { generationId, throughSeq: 9 });
        await generations.requestStop('ann', { generationId: other.generationId, throughSeq: undefined });
        expect(await generations.stopRequests('here')).toEqual([{ generationId, throughSeq: 4 }]);
        const everything = { generationId: other.generationId, throughSeq: undefined };
        expect(await generations.stopRequests('there')).toEqual([everything]);
        await generations.append([{ generationId, entries: [endEntry(1, { status: 'stopped' })] }]);
        await generations.finish([makeFinish(run, '', { status: 'stopped' })]);
        await generations.requestStop('ann', { generationId, throughSeq: 1 });
        expect(await generations.stopRequests('here')).toEqual([]);
      }));
  });
}
