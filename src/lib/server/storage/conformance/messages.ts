import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../domain/message';
import { partsOf } from '../../../domain/parts';
import { beginRun, makeFinish, makeStart, msLater, someDay, type BegunRun } from '../fixtures';
import type { Storage } from '../storage';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeMessages(open: OpenStorage): void {
  describeEdits(open);
  describeDeletions(open);
  describeHiddenRuns(open);
  describeForks(open);
  describeMessagePurge(open);
}

function describeEdits(open: OpenStorage): void {
  const use = withStorage(open);

  describe('messages that no run writes', () => {
    it('are added as the end of the shown branch, once', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const edited = editOf(run);
        expect(await storage.messages.add('ann', edited)).toBe('added');
        expect(await storage.messages.add('ann', { ...edited, createdAt: msLater(99) })).toBe('existing');
        const opened = await storage.conversations.open('ann', run.conversationId);
        expect(opened.messages.at(-1)).toEqual(edited);
        expect(opened.messages).toHaveLength(3);
        expect(opened.conversation).toMatchObject({ leafId: edited.id, updatedAt: edited.createdAt });
      }));

    it('are refused without a trace', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const other = await ended(storage);
        const edited = editOf(run);
        await storage.messages.add('ann', edited);
        const before = await storage.conversations.open('ann', run.conversationId);
        for (const changes of [{ parts: partsOf('other') }, { parentId: null }, { id: run.user.id }]) {
          expect(await faultOf(storage.messages.add('ann', { ...edited, ...changes }))).toBe('conflict');
        }
        for (const parentId of [randomUUID(), other.user.id]) {
          const lost = { ...edited, id: randomUUID(), parentId };
          expect(await faultOf(storage.messages.add('ann', lost))).toBe('not-found');
        }
        expect(await storage.conversations.open('ann', run.conversationId)).toEqual(before);
      }));
  });
}

function describeDeletions(open: OpenStorage): void {
  const use = withStorage(open);

  describe('delete and restore of messages', () => {
    it('hides a message with all that hangs from it, and brings everything back', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const below = makeStart(run.conversationId, { parentId: run.answer.id });
        await storage.generations.begin('ann', below);
        const before = await storage.conversations.open('ann', run.conversationId);
        const deleted = await storage.messages.delete('ann', deletionOf(run, run.answer.id));
        expect(deleted).toEqual({
          messageIds: [run.answer.id, ...below.messages.map(({ id }) => id)],
          generationIds: below.generations.map(({ id }) => id),
          leafId: run.user.id,
        });
        const hidden = await storage.conversations.open('ann', run.conversationId);
        expect(hidden.messages).toEqual([run.user]);
        expect(hidden.conversation.leafId).toBe(run.user.id);
        const update = { leafId: run.answer.id };
        expect(await faultOf(storage.conversations.update('ann', run.conversationId, update))).toBe(
          'invalid-input',
        );
        const leafId = await storage.messages.restore('ann', run.conversationId, run.answer.id);
        expect(leafId).toBe(below.leafId);
        expect(await storage.conversations.open('ann', run.conversationId)).toEqual(before);
        expect(await storage.messages.restore('ann', run.conversationId, run.answer.id)).toBe(leafId);
      }));

    it('shows the nearest version in place of what went, and stays where it is otherwise', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const [second, third] = [editOf(run), editOf(run)];
        await storage.messages.add('ann', second);
        await storage.messages.add('ann', third);
        const leafAfter = async (id: string) =>
          (await storage.messages.delete('ann', deletionOf(run, id))).leafId;
        expect(await leafAfter(second.id)).toBe(third.id);
        expect(await leafAfter(third.id)).toBe(run.answer.id);
        expect(await leafAfter(run.user.id)).toBeNull();
        expect((await storage.conversations.get('ann', run.conversationId)).leafId).toBeNull();
        const restored = await storage.messages.restore('ann', run.conversationId, run.user.id);
        expect(restored).toBe(run.answer.id);
      }));
  });
}

function describeHiddenRuns(open: OpenStorage): void {
  const use = withStorage(open);

  describe('deletions of messages', () => {
    it('name only runs of whose messages none is left', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann', { choices: [2] });
        const [first = '', second = ''] = run.start.generations[0]?.messageIds ?? [];
        expect((await storage.messages.delete('ann', deletionOf(run, first))).generationIds).toEqual([]);
        expect((await storage.messages.delete('ann', deletionOf(run, second))).generationIds).toEqual([
          run.generationId,
        ]);
      }));

    it('find nothing where nothing is', () =>
      use(async (storage) => {
        const run = await ended(storage);
        const other = await ended(storage);
        for (const id of [randomUUID(), other.user.id]) {
          expect(await faultOf(storage.messages.delete('ann', deletionOf(run, id)))).toBe('not-found');
          expect(await faultOf(storage.messages.restore('ann', run.conversationId, id))).toBe('not-found');
        }
        await storage.messages.delete('ann', deletionOf(run, run.user.id));
        const below = deletionOf(run, run.answer.id);
        expect(await faultOf(storage.messages.delete('ann', below))).toBe('not-found');
        expect(await faultOf(storage.messages.restore('ann', run.conversationId, run.answer.id))).toBe(
          'not-found',
        );
      }));
  });
}

function describeForks(open: OpenStorage): void {
  const use = withStorage(open);

  describe('fork', () => {
    it('copies the path to a message, and nothing else, once', () =>
      use(async (storage) => {
        const run = await ended(storage, 'words');
        const edited = editOf(run);
        await storage.messages.add('ann', edited);
        const settings = { systemPrompt: 'Be short.' };
        await storage.conversations.update('ann', run.conversationId, { modelId: 'other', settings });
        const before = await storage.conversations.open('ann', run.conversationId);
        const fork = { ...forkOf(run, run.answer.id), createdAt: msLater(500) };
        const made = await storage.messages.fork('ann', fork);
        expect(made).toMatchObject({
          title: 'words (fork)',
          modelId: 'other',
          settings,
          updatedAt: msLater(500),
        });
        const opened = await storage.conversations.open('ann', fork.id);
        const source = before.messages.slice(0, 2).map(({ generationId: _, ...message }) => message);
        const [user, answer] = opened.messages;
        expect(opened.messages).toEqual([
          { ...source[0], id: user?.id, conversationId: fork.id },
          { ...source[1], id: answer?.id, conversationId: fork.id, parentId: user?.id },
        ]);
        expect(opened.conversation).toEqual({ ...made, leafId: answer?.id });
        expect(await storage.messages.fork('ann', fork)).toEqual(made);
        expect(await storage.conversations.open('ann', run.conversationId)).toEqual(before);
        expect((await storage.conversations.list('ann', { limit: 9 })).conversations[0]?.id).toBe(fork.id);
      }));

    it('is refused for what is deleted, being written, or taken', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann');
        const other = await beginRun(storage, 'bob');
        const fork = forkOf(run, run.answer.id);
        expect(await faultOf(storage.messages.fork('ann', fork)), 'being written').toBe('conflict');
        expect(await faultOf(storage.conversations.get('ann', fork.id)), 'no trace').toBe('not-found');
        const taken = { ...fork, id: other.conversationId };
        expect(await faultOf(storage.messages.fork('ann', taken)), 'taken').toBe('conflict');
        const elsewhere = { ...fork, messageId: other.user.id };
        expect(await faultOf(storage.messages.fork('ann', elsewhere)), 'elsewhere').toBe('not-found');
        await storage.messages.delete('ann', deletionOf(run, run.answer.id));
        expect(await faultOf(storage.messages.fork('ann', fork)), 'deleted').toBe('not-found');
        expect(await storage.messages.fork('ann', { ...fork, messageId: run.user.id })).toMatchObject({
          id: fork.id,
        });
      }));
  });
}

function describeMessagePurge(open: OpenStorage): void {
  const use = withStorage(open);

  describe('purge of messages', () => {
    it('removes what was deleted before a time, with its runs, by deletions', () =>
      use(async (storage) => {
        const { generations, messages } = storage;
        const run = await ended(storage);
        const below = makeStart(run.conversationId, { parentId: run.answer.id });
        await generations.begin('ann', below);
        const edited = editOf(run);
        await messages.add('ann', edited);
        await messages.delete('ann', { ...deletionOf(run, run.answer.id), at: msLater(1) });
        await messages.delete('ann', { ...deletionOf(run, edited.id), at: msLater(2) });
        expect(await messages.purge(msLater(1), 9)).toBe(0);
        expect(await messages.purge(msLater(9), 1)).toBe(1);
        expect(await faultOf(messages.restore('ann', run.conversationId, run.answer.id))).toBe('not-found');
        expect(await faultOf(generations.get('ann', run.generationId)), 'its run').toBe('not-found');
        // Every id is free again: nothing of it is left.
        expect(await generations.begin('ann', { ...below, messages: reparented(below.messages, run) })).toBe(
          'begun',
        );
        expect(await messages.restore('ann', run.conversationId, edited.id)).toBe(edited.id);
        expect(await messages.purge(msLater(9), 9)).toBe(0);
      }));

    it('keeps a run of which another message is left', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann', { choices: [2] });
        await storage.messages.delete('ann', deletionOf(run, run.answer.id));
        expect(await storage.messages.purge(msLater(9), 9)).toBe(1);
        expect((await storage.generations.get('ann', run.generationId)).id).toBe(run.generationId);
      }));
  });
}

/** A conversation with a question and an answer that has ended. */
export async function ended(storage: Storage, title = 'first words'): Promise<BegunRun> {
  const run = await beginRun(storage, 'ann', { title });
  await storage.generations.finish([makeFinish(run, 'answer')]);
  return run;
}

/** Another version of the answer, as its owner would have it. */
export function editOf({ answer }: BegunRun, changes: Partial<Message> = {}): Message {
  const { generationId: _, ...kept } = answer;
  const parts = partsOf('better');
  return {
    ...kept,
    id: randomUUID(),
    parts,
    origin: 'edited',
    status: 'complete',
    createdAt: msLater(10),
    ...changes,
  };
}

export function deletionOf({ conversationId }: BegunRun, messageId: string) {
  return { conversationId, messageId, at: someDay };
}

export function forkOf({ conversationId }: BegunRun, messageId: string) {
  return { conversationId, messageId, id: randomUUID(), createdAt: someDay };
}

/** These messages under the question in place of its answer. */
function reparented(messages: Message[], { user, answer }: BegunRun): Message[] {
  return messages.map((message) => ({
    ...message,
    parentId: message.parentId === answer.id ? user.id : message.parentId,
  }));
}
