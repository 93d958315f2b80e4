import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withNewIds, type WholeConversation } from '../../../domain/portable';
import { partsOf } from '../../../domain/parts';
import { parseSearch } from '../../../domain/search-terms';
import { beginRun, makeConversation, makeFinish, makeStart, msLater, someDay } from '../fixtures';
import type { Storage } from '../storage';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeCollection(open: OpenStorage): void {
  describeReading(open);
  describeImport(open);
  describeFindingImports(open);
  describeRefusedImport(open);
}

function describeReading(open: OpenStorage): void {
  const use = withStorage(open);

  describe('all conversations', () => {
    it('pages their ids by creation, each once, also while they change', () =>
      use(async (storage) => {
        const { collection, conversations } = storage;
        const made = [];
        for (const ms of [5, 0, 5, 9, 2]) made.push({ id: await wholeOf(storage, msLater(ms)), ms });
        made.sort((a, b) => a.ms - b.ms || (a.id < b.id ? -1 : 1));
        const expected = made.map(({ id }) => id);
        await conversations.create('ann', makeConversation());
        expect(await collection.count('ann')).toBe(5);
        for (const limit of [1, 2, 5, 5000]) {
          const seen = await idsOf(storage, limit, (id) => conversations.update('ann', id, { title: 'new' }));
          expect(seen).toEqual(expected);
        }
        await conversations.delete('ann', expected[2] ?? '', someDay);
        expect(await idsOf(storage, 2)).toEqual(expected.toSpliced(2, 1));
        expect(await collection.count('ann')).toBe(4);
        for (const after of ['', 'x', '1', '{"$gt":""}']) {
          expect(await faultOf(collection.ids('ann', { after, limit: 2 }))).toBe('invalid-input');
        }
      }));

    it('gives a whole conversation with the runs that have ended and those that have not', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann');
        await storage.generations.finish([makeFinish(run, 'answer')]);
        const second = makeStart(run.conversationId, { at: msLater(5) });
        await storage.generations.begin('ann', second);
        const { conversation, messages } = await storage.conversations.open('ann', run.conversationId);
        const whole = await storage.collection.whole('ann', run.conversationId);
        expect(whole).toMatchObject({ conversation, messages });
        expect(whole.generations.map(({ id, status }) => [id, status])).toEqual([
          [run.generationId, 'completed'],
          [second.generations[0]?.id, 'queued'],
        ]);
      }));
  });
}

function describeImport(open: OpenStorage): void {
  const use = withStorage(open);

  describe('import', () => {
    it('takes a conversation in whole, and once', () =>
      use(async (storage) => {
        const whole = await madeElsewhere(open);
        const { collection, conversations } = storage;
        expect(await collection.import('ann', whole)).toBe('imported');
        expect(await collection.whole('ann', whole.conversation.id)).toEqual(whole);
        expect(await collection.import('ann', whole)).toBe('existing');
        expect((await conversations.list('ann', { limit: 9 })).conversations).toMatchObject([
          { isPinned: true, isUnread: false },
        ]);
        // It goes on like any other.
        const parentId = whole.conversation.leafId;
        expect(await storage.generations.begin('ann', makeStart(whole.conversation.id, { parentId }))).toBe(
          'begun',
        );
        expect(await collection.import('ann', whole), 'it has more now').toBe('existing');
      }));

    it('changes nothing when an id is taken: of a conversation, a message or a run, of whomever', () =>
      use(async (storage) => {
        const whole = await madeElsewhere(open);
        const { collection } = storage;
        await collection.import('ann', whole);
        const before = await collection.whole('ann', whole.conversation.id);
        const [message] = whole.messages;
        const other = {
          ...whole,
          messages: whole.messages.map((one) => ({ ...one, parts: partsOf('other') })),
        };
        const fresh = withNewIds(whole, () => randomUUID());
        const sameMessage = { ...fresh, generations: [], messages: message ? [message] : [] };
        const sameRun = { ...fresh, messages: [], generations: whole.generations };
        for (const taken of [other, sameMessage, sameRun]) {
          expect(await collection.import('ann', taken)).toBe('taken');
          expect(await collection.import('bob', taken)).toBe('taken');
        }
        expect(await collection.import('bob', whole)).toBe('taken');
        expect(await collection.whole('ann', whole.conversation.id)).toEqual(before);
        expect([await collection.count('ann'), await collection.count('bob')]).toEqual([1, 0]);
      }));

    it('brings back the same one that was deleted', () =>
      use(async (storage) => {
        const whole = await madeElsewhere(open);
        const { id } = whole.conversation;
        await storage.collection.import('ann', whole);
        await storage.conversations.delete('ann', id, someDay);
        expect(await storage.collection.import('bob', whole)).toBe('taken');
        expect(await storage.collection.import('ann', whole)).toBe('imported');
        expect(await storage.collection.whole('ann', id)).toEqual(whole);
        expect(await storage.conversations.purge(msLater(99), 9)).toBe(0);
      }));
  });
}

function describeFindingImports(open: OpenStorage): void {
  const use = withStorage(open);

  describe('what was imported', () => {
    it('is found by its texts, until it is deleted', () =>
      use(async (storage) => {
        const whole = await madeElsewhere(open);
        await storage.collection.import('ann', whole);
        const ids = whole.messages.map(({ id }) => id);
        expect([...(await found(storage, 'question')), ...(await found(storage, 'answer'))]).toEqual(ids);
        await storage.collection.deleteAll('ann', msLater(1));
        expect(await found(storage, 'answer')).toEqual([]);
        await storage.collection.restoreAll('ann', msLater(1));
        expect(await found(storage, 'answer')).toEqual(ids.slice(1));
      }));
  });
}

function describeRefusedImport(open: OpenStorage): void {
  const use = withStorage(open);

  describe('an import that is refused', () => {
    it('was of a run that has not ended, or failed half way, and nothing is kept', () =>
      use(async (storage) => {
        const whole = await madeElsewhere(open);
        const generations = whole.generations.map((run) => ({ ...run, status: 'running' as const }));
        expect(await faultOf(storage.collection.import('ann', { ...whole, generations }))).toBe(
          'invalid-input',
        );
        const [message] = whole.messages;
        // The last row cannot be stored: it has the id of the first.
        const twice = { ...whole, messages: [...whole.messages, ...(message ? [message] : [])] };
        expect(await faultOf(storage.collection.import('ann', twice))).toBe('storage-unavailable');
        expect(await faultOf(storage.conversations.get('ann', whole.conversation.id))).toBe('not-found');
        expect(await storage.collection.import('ann', whole)).toBe('imported');
      }));
  });
}

/** A conversation of ann's with one answer that has ended, made at `createdAt`. */
export async function wholeOf(storage: Storage, createdAt: Date): Promise<string> {
  const { id } = await storage.conversations.create('ann', makeConversation({ createdAt }));
  const start = makeStart(id);
  await storage.generations.begin('ann', start);
  await finishFirst(storage, id);
  return id;
}

async function finishFirst(storage: Storage, conversationId: string): Promise<void> {
  const { messages, generations } = await storage.collection.whole('ann', conversationId);
  const [generation] = generations;
  const answer = messages.at(-1);
  if (!generation || !answer) throw new Error('The fixture has no run.');
  await storage.generations.finish([
    {
      generationId: generation.id,
      end: { type: 'run-end', status: 'completed', finishReason: 'stop' },
      messages: [{ ...answer, parts: partsOf('answer'), status: 'complete', finishReason: 'stop' }],
      endedAt: msLater(7),
    },
  ]);
}

/** The messages that are found, the last first. */
async function found({ search }: Storage, typed: string): Promise<string[]> {
  const { hits } = await search.find('ann', parseSearch(typed), { limit: 9 });
  return hits.flatMap(({ message }) => (message ? [message.id] : []));
}

/** A whole conversation whose ids another storage has made. It is pinned. */
export async function madeElsewhere(open: OpenStorage): Promise<WholeConversation> {
  const elsewhere = await open();
  try {
    const id = await wholeOf(elsewhere, someDay);
    await elsewhere.conversations.update('ann', id, { isPinned: true });
    return await elsewhere.collection.whole('ann', id);
  } finally {
    await elsewhere.close();
  }
}

async function idsOf(
  { collection }: Storage,
  limit: number,
  onId: (id: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof collection.ids>> = await collection.ids('ann', {
      limit,
      ...(after !== null && { after }),
    });
    expect(page.ids.length).toBeLessThanOrEqual(limit);
    for (const id of page.ids) await onId(id);
    seen.push(...page.ids);
    after = page.next;
  } while (after !== null);
  return seen;
}
