import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { partOfFile, type StoredFile } from '../../../domain/files';
import type { Message } from '../../../domain/message';
import { beginRun, makeConversation, makeFinish, makeStart, msLater, someDay } from '../fixtures';
import type { BeginGenerations, Storage } from '../storage';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

export function describeFiles(open: OpenStorage): void {
  describeKeeping(open);
  describeUses(open);
  describePurging(open);
  describeMoving(open);
}

function describeKeeping(open: OpenStorage): void {
  const use = withStorage(open);

  describe('files', () => {
    it('come back byte by byte, and are told without their bytes', () =>
      use(async ({ files }) => {
        const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) & 0xff);
        const photo = makeFile({ bytes, name: "ö'\0\ud800.png", width: 7, height: 3 });
        const plain = makeFile({ mime: 'text/plain' });
        expect(await files.put('ann', photo)).toBe('stored');
        expect(await files.put('ann', plain)).toBe('stored');
        expect(await files.get('ann', photo.id)).toEqual(photo);
        const { bytes: _, ...known } = photo;
        expect(await files.info('ann', [photo.id, plain.id, photo.id])).toEqual([
          known,
          expect.objectContaining({ id: plain.id }),
        ]);
        expect(await files.info('ann', [])).toEqual([]);
      }));

    it('are put twice as once, and never changed', () =>
      use(async ({ files }) => {
        const file = makeFile();
        await files.put('ann', file);
        expect(await files.put('ann', { ...file, name: 'another', createdAt: msLater(1) })).toBe('existing');
        expect(await faultOf(files.put('ann', { ...file, bytes: new Uint8Array([9]) }))).toBe('conflict');
        expect(await files.get('ann', file.id)).toEqual(file);
      }));

    it('are of their owner alone: another may have the same id', () =>
      use(async ({ files }) => {
        const file = makeFile();
        await files.put('ann', file);
        expect(await faultOf(files.get('eve', file.id))).toBe('not-found');
        expect(await faultOf(files.info('eve', [file.id]))).toBe('not-found');
        expect(await faultOf(files.info('ann', [file.id, randomUUID()]))).toBe('not-found');
        const other = { ...file, bytes: new Uint8Array([9]) };
        expect(await files.put('eve', other)).toBe('stored');
        expect(await files.get('eve', file.id)).toEqual(other);
        expect(await files.get('ann', file.id)).toEqual(file);
      }));
  });
}

function describeUses(open: OpenStorage): void {
  const use = withStorage(open);

  describe('a message with files', () => {
    it('is added when its owner has them, and as a whole refused otherwise', () =>
      use(async (storage) => {
        const { conversations, files, generations, messages } = storage;
        const [own, others] = [makeFile(), makeFile()];
        await files.put('ann', own);
        await files.put('bob', others);
        const { id } = await conversations.create('ann', makeConversation());
        for (const missing of [others, makeFile()]) {
          const start = withFiles(makeStart(id), [own, missing]);
          expect(await faultOf(generations.begin('ann', start))).toBe('not-found');
          const message = { ...userOf(start), id: randomUUID() };
          expect(await faultOf(messages.add('ann', message))).toBe('not-found');
        }
        expect((await conversations.open('ann', id)).messages).toEqual([]);
        expect(await generations.begin('ann', withFiles(makeStart(id), [own, own]))).toBe('begun');
        expect(userOf(await conversations.open('ann', id)).parts).toContainEqual(partOfFile(own));
      }));
  });
}

function describePurging(open: OpenStorage): void {
  const use = withStorage(open);
  const day = msLater(100);

  describe('files are purged', () => {
    it('when no message has come for them, the oldest first', () =>
      use(async ({ files }) => {
        const made = [makeFile({ createdAt: msLater(3) }), makeFile(), makeFile({ createdAt: msLater(7) })];
        for (const file of made) await files.put('ann', file);
        await files.put('ann', { ...made[0], createdAt: msLater(9) } as StoredFile);
        expect(await files.purge(someDay, 9)).toBe(0);
        expect(await files.purge(day, 1)).toBe(1);
        expect(await faultOf(files.get('ann', made[1]?.id ?? ''))).toBe('not-found');
        expect(await files.purge(msLater(9), 9)).toBe(1);
        expect(await files.purge(day, 9), 'the one that was sent again').toBe(1);
      }));

    it('not before the last message that shows them is removed for good', () =>
      use(async (storage) => {
        const { conversations, files, messages } = storage;
        const file = makeFile();
        const run = await runWithFile(storage, file);
        const fork = { conversationId: run.conversationId, messageId: run.user.id, id: randomUUID() };
        await messages.fork('ann', { ...fork, createdAt: someDay });
        expect(await files.purge(day, 9)).toBe(0);
        await conversations.delete('ann', run.conversationId, someDay);
        await conversations.purge(msLater(1), 9);
        expect(await files.purge(day, 9), 'the fork shows it').toBe(0);
        expect(await files.get('ann', file.id)).toEqual(file);
        const copy = userOf(await conversations.open('ann', fork.id));
        await messages.delete('ann', { conversationId: fork.id, messageId: copy.id, at: someDay });
        expect(await files.purge(day, 9), 'it can be brought back').toBe(0);
        await messages.restore('ann', fork.id, copy.id);
        await messages.delete('ann', { conversationId: fork.id, messageId: copy.id, at: someDay });
        await messages.purge(msLater(1), 9);
        expect(await files.purge(someDay, 9), 'however young it is').toBe(1);
        expect(await faultOf(files.get('ann', file.id))).toBe('not-found');
      }));

    it('with everything, and nobody else with it', () =>
      use(async (storage) => {
        const { collection, conversations, files } = storage;
        const [sent, draft, others] = [
          makeFile(),
          makeFile({ createdAt: day }),
          makeFile({ createdAt: day }),
        ];
        await runWithFile(storage, sent);
        await files.put('ann', draft);
        await files.put('bob', others);
        await collection.deleteAll('ann', msLater(1));
        expect(await files.purge(someDay, 9), 'no message shows the draft').toBe(1);
        expect(await files.get('ann', sent.id)).toEqual(sent);
        await conversations.purge(msLater(2), 9);
        expect(await files.purge(someDay, 9)).toBe(1);
        for (const { id } of [sent, draft]) expect(await faultOf(files.get('ann', id))).toBe('not-found');
        expect(await files.get('bob', others.id)).toEqual(others);
      }));
  });
}

function describeMoving(open: OpenStorage): void {
  const use = withStorage(open);

  describe('an import with files', () => {
    it('brings them, once, and not over other ones', () =>
      use(async (storage) => {
        const { collection, files } = storage;
        const file = makeFile();
        const run = await runWithFile(storage, file);
        await storage.generations.finish([makeFinish(run, 'answer')]);
        const whole = await collection.whole('ann', run.conversationId);
        const elsewhere = await open();
        try {
          expect(await faultOf(elsewhere.collection.import('bob', whole))).toBe('not-found');
          await elsewhere.files.put('bob', { ...file, bytes: new Uint8Array([9]) });
          expect(await elsewhere.collection.import('bob', whole, [file])).toBe('taken');
          expect(await elsewhere.collection.import('cat', whole, [file])).toBe('imported');
          expect(await elsewhere.collection.import('cat', whole, [file])).toBe('existing');
          expect(await elsewhere.files.get('cat', file.id)).toEqual(file);
          expect(await elsewhere.files.purge(msLater(99), 9), 'that of Bob').toBe(1);
          expect(await elsewhere.collection.count('bob')).toBe(0);
        } finally {
          await elsewhere.close();
        }
        expect(await files.get('ann', file.id)).toEqual(file);
      }));
  });
}

function makeFile(changes: Partial<StoredFile> = {}): StoredFile {
  const bytes = new TextEncoder().encode('the bytes of an image');
  return { id: randomUUID(), name: 'photo.png', mime: 'image/png', createdAt: someDay, bytes, ...changes };
}

function withFiles(start: BeginGenerations, shown: StoredFile[]): BeginGenerations {
  const messages = start.messages.map((message) =>
    message.role === 'user' ? { ...message, parts: [...shown.map(partOfFile), ...message.parts] } : message,
  );
  return { ...start, messages };
}

function userOf({ messages }: { messages: Message[] }): Message {
  const user = messages.find(({ role }) => role === 'user');
  if (!user) throw new Error('There is no message of a user.');
  return user;
}

/** A conversation of Ann with a question that shows a file; the file is put, too. */
async function runWithFile(storage: Storage, file: StoredFile) {
  await storage.files.put('ann', file);
  const run = await beginRun(storage, 'ann');
  const start = withFiles(makeStart(run.conversationId, { parentId: run.user.id, at: msLater(1) }), [file]);
  await storage.generations.begin('ann', start);
  const [generation] = start.generations;
  await storage.generations.finish([
    {
      ...makeFinish(run, 'answer'),
      generationId: generation?.id ?? '',
      messages: start.messages
        .filter(({ role }) => role === 'assistant')
        .map((message) => ({ ...message, status: 'complete' as const })),
    },
  ]);
  return { ...run, user: userOf(start) };
}
