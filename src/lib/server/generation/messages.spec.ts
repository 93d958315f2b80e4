import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { OwnerEvent } from '../../domain/owner-event';
import { textOf } from '../../domain/parts';
import type { App } from '../app';
import {
  appWith,
  closeApps,
  conversationIn,
  generationIdOf,
  longText,
  messageIdOf,
  messageIn,
  owner,
  question,
  readAll,
  readDeltas,
  itemsOf,
} from './fixtures';

afterEach(closeApps);

/** A conversation with one answer that has ended. */
async function answered(app: App) {
  const id = await conversationIn(app);
  const request = question('Hi');
  await app.generations.start(owner, id, request);
  await readAll(app, generationIdOf(request));
  return { id, userId: request.userMessage?.id ?? '', answerId: messageIdOf(request) };
}

/** What the owner's pages are told until so many events of messages came. */
async function eventsOf(app: App, count: number, work: () => Promise<unknown>): Promise<OwnerEvent[]> {
  const reader = new AbortController();
  const told: OwnerEvent[] = [];
  const events = app.generations.events(owner, null, [], reader.signal);
  await work();
  for await (const items of itemsOf(events)) {
    for (const item of items) if ('type' in item && item.type.startsWith('messages-')) told.push(item);
    if (told.length >= count) reader.abort();
  }
  return told;
}

describe('an edited answer', () => {
  it('is a version beside the answer, told to other pages, and the same when it comes again', async () => {
    const app = await appWith({ text: 'Hello.' });
    const { id, userId, answerId } = await answered(app);
    const edit = { id: randomUUID(), text: 'Hello, you.' };
    const told = await eventsOf(app, 1, async () => {
      const edited = await app.messages.editAnswer(owner, id, answerId, edit);
      expect(edited).toMatchObject({
        parentId: userId,
        origin: 'edited',
        status: 'complete',
        modelId: 'scripted',
      });
      expect(await app.messages.editAnswer(owner, id, answerId, edit)).toEqual(edited);
    });
    expect(told).toMatchObject([{ type: 'messages-added', conversationId: id, leafId: edit.id }]);
    const { conversation, messages } = await app.generations.snapshot(owner, id);
    expect(messages.map(({ parts }) => textOf(parts))).toEqual(['Hi', 'Hello.', 'Hello, you.']);
    expect(conversation.leafId).toBe(edit.id);
    const other = app.messages.editAnswer(owner, id, answerId, { ...edit, text: 'Else' });
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is refused for a question and for what is still being written', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 50 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    const edit = { id: randomUUID(), text: 'x' };
    const fault = async (messageId: string) =>
      app.messages.editAnswer(owner, id, messageId, edit).catch((thrown: unknown) => thrown);
    expect(await fault(request.userMessage?.id ?? '')).toMatchObject({ code: 'invalid-input' });
    expect(await fault(messageIdOf(request))).toMatchObject({ code: 'conflict' });
    expect(await fault(randomUUID())).toMatchObject({ code: 'not-found' });
  });

  it('can be gone on from', async () => {
    const app = await appWith({ text: ' And more.' });
    const { id, userId, answerId } = await answered(app);
    await app.messages.editAnswer(owner, id, answerId, { id: randomUUID(), text: 'Mine.' });
    const reply = {
      generationId: randomUUID(),
      messageIds: [randomUUID()],
      modelId: 'scripted',
      prefix: 'Mine.',
    };
    await app.generations.start(owner, id, { parentId: userId, replies: [reply] });
    await readAll(app, reply.generationId);
    const message = await messageIn(app, id, reply.messageIds[0] ?? '');
    expect(message).toMatchObject({ origin: 'model', prefixLength: 5 });
    expect(textOf(message?.parts ?? [])).toMatch(/^Mine\. And more\./u);
  });
});

describe('a deleted message', () => {
  it('stops the runs in it, and comes back with the text that they had', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 100 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readDeltas(app, generationIdOf(request), 2);
    const told = await eventsOf(app, 2, async () => {
      const deleted = await app.messages.delete(owner, id, request.userMessage?.id ?? '');
      expect(deleted).toEqual({ messageIds: [request.userMessage?.id, messageIdOf(request)], leafId: null });
      await readAll(app, generationIdOf(request));
      expect((await app.generations.snapshot(owner, id)).messages).toEqual([]);
      await app.messages.delete(owner, id, request.userMessage?.id ?? '');
      await app.messages.restore(owner, id, request.userMessage?.id ?? '');
    });
    expect(told.map(({ type }) => type)).toEqual(['messages-deleted', 'messages-restored']);
    const answer = await messageIn(app, id, messageIdOf(request));
    expect(answer?.status).toBe('stopped');
    expect(longText.startsWith(textOf(answer?.parts ?? []))).toBe(true);
  });

  it('cannot be answered, and is in no prompt', async () => {
    const app = await appWith({ text: 'You said {input}.' });
    const { id, userId, answerId } = await answered(app);
    await app.messages.delete(owner, id, answerId);
    const late = app.generations.start(owner, id, question('Late', answerId));
    await expect(late).rejects.toMatchObject({ code: 'not-found' });
    // What the person says in two messages is one turn for the model.
    const next = question('And this', userId);
    await app.generations.start(owner, id, next);
    await readAll(app, generationIdOf(next));
    const answer = await messageIn(app, id, messageIdOf(next));
    expect(textOf(answer?.parts ?? [])).toBe('You said Hi\n\nAnd this.');
  });
});

describe('a fork', () => {
  it('goes on alone from a message, and is listed', async () => {
    const app = await appWith({ text: 'Hello.' });
    const { id, answerId } = await answered(app);
    const fork = { id: randomUUID() };
    const made = await app.messages.fork(owner, id, answerId, fork);
    expect(made).toMatchObject({ id: fork.id, title: 'Hi (fork)' });
    const next = question('More', made.leafId);
    await app.generations.start(owner, fork.id, next);
    await readAll(app, generationIdOf(next));
    expect((await app.generations.snapshot(owner, fork.id)).messages).toHaveLength(4);
    expect((await app.generations.snapshot(owner, id)).messages).toHaveLength(2);
    const { conversations } = await app.conversations.list(owner, { limit: 9 });
    expect(conversations.map(({ title }) => title)).toEqual(['Hi (fork)', 'Hi']);
  });
});
