import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../domain/errors';
import { partsOf } from '../../../domain/parts';
import type { WholeConversation } from '../../../domain/portable';
import { parseSearch } from '../../../domain/search-terms';
import {
  beginRun,
  deltaEntries,
  makeConversation,
  makeStart,
  msLater,
  someDay,
  type BegunRun,
} from '../fixtures';
import type {
  CollectionStore,
  ConversationStore,
  GenerationStore,
  MessageStore,
  SearchStore,
  Storage,
} from '../storage';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

type OwnedConversation = Exclude<keyof ConversationStore, 'purge'>;
/** These are called by the server about its own runs, whoever owns them. */
type Ownerless =
  'append' | 'finish' | 'markRunning' | 'recordPrompts' | 'stopRequests' | 'orphans' | 'expireEntries';
type OwnedGeneration = Exclude<keyof GenerationStore, Ownerless>;
type OwnedMessage = Exclude<keyof MessageStore, 'purge'>;
type Owned =
  | `conversations.${OwnedConversation}`
  | `generations.${OwnedGeneration}`
  | `messages.${OwnedMessage}`
  | `collection.${keyof CollectionStore}`
  | `search.${keyof SearchStore}`;
type Reach = (storage: Storage, owner: string, run: BegunRun) => Promise<unknown>;

/** Every method that takes an owner, reaching for `run`. A new method does not compile until it has its row. */
const reaches: Record<Owned, Reach> = {
  'conversations.create': ({ conversations }, owner, { conversationId: id }) =>
    conversations.create(owner, makeConversation({ id })),
  'conversations.get': ({ conversations }, owner, run) => conversations.get(owner, run.conversationId),
  'conversations.open': ({ conversations }, owner, run) => conversations.open(owner, run.conversationId),
  'conversations.list': ({ conversations }, owner) => conversations.list(owner, { limit: 200 }),
  'conversations.summary': ({ conversations }, owner, run) =>
    conversations.summary(owner, run.conversationId),
  'conversations.update': ({ conversations }, owner, run) =>
    conversations.update(owner, run.conversationId, {
      title: 'changed',
      leafId: run.user.id,
      isPinned: true,
    }),
  'conversations.retitle': ({ conversations }, owner, run) =>
    conversations.retitle(owner, run.conversationId, { from: '', to: 'changed' }),
  'conversations.markRead': ({ conversations }, owner, run) =>
    conversations.markRead(owner, run.conversationId),
  'conversations.delete': ({ conversations }, owner, run) =>
    conversations.delete(owner, run.conversationId, msLater(1)),
  'conversations.restore': ({ conversations }, owner, run) =>
    conversations.restore(owner, run.conversationId),
  'generations.begin': ({ generations }, owner, run) =>
    generations.begin(owner, makeStart(run.conversationId)),
  'generations.get': ({ generations }, owner, run) => generations.get(owner, run.generationId),
  'generations.messages': ({ generations }, owner, run) => generations.messages(owner, run.generationId),
  'generations.entries': ({ generations }, owner, run) => generations.entries(owner, run.generationId, 0, 9),
  'generations.requestStop': ({ generations }, owner, { generationId }) =>
    generations.requestStop(owner, { generationId, throughSeq: 0 }),
  'collection.count': ({ collection }, owner) => collection.count(owner),
  'collection.ids': ({ collection }, owner) => collection.ids(owner, { limit: 9 }),
  'collection.whole': ({ collection }, owner, run) => collection.whole(owner, run.conversationId),
  'collection.import': ({ collection }, owner, run) => collection.import(owner, claimed(run)),
  'collection.deleteAll': ({ collection }, owner) => collection.deleteAll(owner, msLater(1)),
  'collection.restoreAll': ({ collection }, owner) => collection.restoreAll(owner, someDay),
  'messages.add': ({ messages }, owner, { answer, conversationId }) =>
    messages.add(owner, { ...answer, id: randomUUID(), conversationId }),
  'messages.delete': ({ messages }, owner, { conversationId, user }) =>
    messages.delete(owner, { conversationId, messageId: user.id, at: someDay }),
  'messages.restore': ({ messages }, owner, run) => messages.restore(owner, run.conversationId, run.user.id),
  'messages.fork': ({ messages }, owner, { conversationId, user }) =>
    messages.fork(owner, { conversationId, messageId: user.id, id: randomUUID(), createdAt: someDay }),
  'search.find': ({ search }, owner) => search.find(owner, parseSearch('question'), { limit: 9 }),
};
/** These see what is deleted: their owner may delete it twice, and have it back. */
const bringBack: (keyof typeof reaches)[] = [
  'conversations.delete',
  'conversations.restore',
  'collection.restoreAll',
];
const names = Object.keys(reaches) as (keyof typeof reaches)[];
/** What a method says to one who may not see the run; the others say `not-found`. */
const blindAnswers: Partial<Record<keyof typeof reaches, unknown>> = {
  'conversations.list': { conversations: [], next: null },
  'search.find': { hits: [], next: null },
  'collection.count': 0,
  'collection.ids': { ids: [], next: null },
  'collection.import': 'taken',
  'collection.deleteAll': 0,
  'collection.restoreAll': 0,
};

async function expectBlind(name: keyof typeof reaches, call: Promise<unknown>): Promise<void> {
  if (name in blindAnswers) return expect(await call).toEqual(blindAnswers[name]);
  const expected: ErrorCode = name === 'conversations.create' ? 'conflict' : 'not-found';
  expect(await faultOf(call)).toBe(expected);
}

export function describeOwners(open: OpenStorage): void {
  const use = withStorage(open);

  describe('owners', () => {
    it.each(names)("%s does not reach another owner's", (name) =>
      use(async (storage) => {
        const run = await begunWithText(storage);
        const before = await everythingOf(storage, run);
        await expectBlind(name, reaches[name](storage, 'eve', run));
        expect(await everythingOf(storage, run)).toEqual(before);
      }),
    );

    it.each(names)('%s does not see what is deleted', (name) =>
      use(async (storage) => {
        const run = await begunWithText(storage);
        const before = await everythingOf(storage, run);
        await storage.conversations.delete('ann', run.conversationId, someDay);
        const call = reaches[name](storage, 'ann', run);
        if (bringBack.includes(name)) await call;
        else await expectBlind(name, call);
        await storage.conversations.restore('ann', run.conversationId);
        expect(await everythingOf(storage, run)).toEqual(before);
      }),
    );

    it.each(names)('%s says the same of what never was', (name) =>
      use(async (storage) => {
        if (name === 'conversations.create' || name === 'collection.import') return;
        const conversationId = randomUUID();
        const run = await begunWithText(storage);
        const never = { ...run, conversationId, generationId: randomUUID() };
        await expectBlind(name, reaches[name](storage, 'eve', never));
      }),
    );

    it('does not bring rows into the conversation of another, whatever the rows say', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await begunWithText(storage);
        const before = await everythingOf(storage, run);
        const own = await conversations.create('eve', makeConversation());
        const smuggled = { ...makeStart(run.conversationId), conversationId: own.id };
        expect(await generations.begin('eve', smuggled)).toBe('begun');
        expect(await everythingOf(storage, run)).toEqual(before);
        const borrowed = { ...makeStart(own.id), generations: run.start.generations };
        expect(await faultOf(generations.begin('eve', borrowed))).toBe('conflict');
        expect(await faultOf(conversations.update('eve', own.id, { leafId: run.answer.id }))).toBe(
          'invalid-input',
        );
      }));

    it.each([
      ['NUL', 'ann\0x'],
      ['half a surrogate pair', 'ann\ud800'],
    ])('does not take one name for another: %s', (_, odd) =>
      use(async (storage) => {
        const run = await begunWithText(storage);
        for (const owner of [odd, odd.slice(0, 4), 'ann\ufffd', 'ann\ud801', 'ANN', 'ann ']) {
          await faultOf(storage.conversations.get(owner, run.conversationId));
        }
      }),
    );
  });
}

/** Another conversation under the ids of this one. */
function claimed({ conversationId, user }: BegunRun): WholeConversation {
  const made = makeConversation({ id: conversationId });
  const conversation = { ...made, title: '', isPinned: false, updatedAt: someDay };
  return {
    conversation: { ...conversation, leafId: user.id },
    messages: [{ ...user, parts: partsOf('claimed') }],
    generations: [],
  };
}

async function begunWithText(storage: Storage): Promise<BegunRun> {
  const run = await beginRun(storage, 'ann', { processId: 'here' });
  await storage.generations.append([
    { generationId: run.generationId, entries: deltaEntries(1, 'a secret', ' of two entries') },
  ]);
  return run;
}

/** All that the owner can see of a run. */
async function everythingOf({ conversations, generations }: Storage, run: BegunRun): Promise<unknown> {
  return Promise.all([
    conversations.open('ann', run.conversationId),
    conversations.list('ann', { limit: 9 }),
    generations.entries('ann', run.generationId, 0, 9),
    generations.stopRequests('here'),
  ]);
}
