import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf } from '../../domain/parts';
import type { StreamItem } from '../../domain/stream';
import {
  closeApps,
  owner,
  longText,
  appWith,
  conversationIn,
  question,
  generationIdOf,
  itemsOf,
  messageIdOf,
  entriesOf,
  readAll,
  readDeltas,
  messageIn,
  fold,
} from './fixtures';

afterEach(closeApps);

describe('generations', () => {
  it('writes an answer, numbers its entries without a gap, and keeps it', async () => {
    const app = await appWith({ text: 'Hello there.' });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    const entries = await readAll(app, generationIdOf(request));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.at(-1)?.event).toMatchObject({
      type: 'run-end',
      status: 'completed',
      finishReason: 'stop',
    });
    expect(fold(entries)).toBe('Hello there.');
    const stored = await messageIn(app, id, messageIdOf(request));
    expect(stored).toMatchObject({ status: 'complete', parts: [{ type: 'text', text: 'Hello there.' }] });
    expect((await app.conversations.list(owner, { limit: 5 })).conversations[0]).toMatchObject({
      title: 'Hi',
      isRunning: false,
    });
  });

  it('is one run when the same request comes twice, also at once', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 400 });
    const id = await conversationIn(app);
    const request = question('Hi');
    const [first, second] = await Promise.all([
      app.generations.start(owner, id, request),
      app.generations.start(owner, id, request),
    ]);
    expect(second.map((generation) => generation.id)).toEqual(first.map((generation) => generation.id));
    await app.generations.start(owner, id, request);
    expect((await app.generations.snapshot(owner, id)).messages).toHaveLength(2);
    const other = {
      ...request,
      userMessage: { id: randomUUID(), parts: [{ type: 'text' as const, text: 'Other' }] },
    };
    await expect(app.generations.start(owner, id, other)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('gives every reader the same entries, wherever it joins', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 400 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    const generationId = generationIdOf(request);
    const first = readAll(app, generationId);
    const some = await readDeltas(app, generationId, 3);
    const rest = await readAll(app, generationId, some.at(-1)?.seq);
    const whole = await first;
    expect([...some, ...rest]).toEqual(whole);
    expect(fold(whole)).toBe(longText);
    // After the end it is read from storage, entry by entry the same.
    expect(await readAll(app, generationId)).toEqual(whole);
  });

  it('goes on when every reader has left', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 1000 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readDeltas(app, generationIdOf(request), 1);
    await expect.poll(async () => (await messageIn(app, id, messageIdOf(request)))?.status).toBe('complete');
    expect(textOf((await messageIn(app, id, messageIdOf(request)))?.parts ?? [])).toBe(longText);
  });

  it('freezes the text at the entry that was on screen when it is stopped', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 200 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    const generationId = generationIdOf(request);
    const seen = await readDeltas(app, generationId, 4);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const throughSeq = seen.at(-1)?.seq;
    await app.generations.stop(owner, generationId, throughSeq);
    const all = await readAll(app, generationId);
    expect(all.at(-1)?.event).toMatchObject({ type: 'run-end', status: 'stopped', throughSeq });
    expect(fold(all)).toBe(fold(seen));
    const stored = await messageIn(app, id, messageIdOf(request));
    expect(stored?.status).toBe('stopped');
    expect(textOf(stored?.parts ?? [])).toBe(fold(seen));
  });

  it('can be stopped before the first token, and twice', async () => {
    const app = await appWith({ text: 'Late', delayMs: 5000 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await app.generations.stop(owner, generationIdOf(request), undefined);
    await app.generations.stop(owner, generationIdOf(request), undefined);
    const entries = await readAll(app, generationIdOf(request));
    expect(entries.at(-1)?.event).toMatchObject({ type: 'run-end', status: 'stopped' });
    expect(fold(entries)).toBe('');
  });

  it('says the place in the line and starts the next when a place is free', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 300 });
    const requests = [question('1'), question('2'), question('3'), question('4')];
    for (const request of requests) await app.generations.start(owner, await conversationIn(app), request);
    const all = await Promise.all(requests.map((request) => readAll(app, generationIdOf(request))));
    const positions = all.map((entries) =>
      entries.flatMap(({ event }) => (event.type === 'queued' ? event.position : [])),
    );
    expect(positions).toEqual([[], [], [1], [2, 1]]);
    for (const entries of all) expect(fold(entries)).toBe(longText);
  });

  it('keeps the text of a run that fails, with what happened', async () => {
    const app = await appWith({ text: longText, failsAfter: 5, failsWith: 'backend-unreachable' });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readAll(app, generationIdOf(request));
    const message = await messageIn(app, id, messageIdOf(request));
    expect(message).toMatchObject({ status: 'failed', error: { code: 'backend-unreachable' } });
    expect(textOf(message?.parts ?? [])).toBe('word0 word1 word2 word3 word4');
  });

  it('stops the runs of a conversation that is deleted, and brings it back whole', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 20 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    const reading = readAll(app, generationIdOf(request));
    await app.conversations.delete(owner, id);
    expect((await reading).at(-1)?.event).toMatchObject({ type: 'run-end', status: 'stopped' });
    await expect(app.generations.snapshot(owner, id)).rejects.toMatchObject({ code: 'not-found' });
    await app.conversations.restore(owner, id);
    expect((await messageIn(app, id, messageIdOf(request)))?.status).toBe('stopped');
  });

  it('shows nothing to another owner', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 50 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    const [other, gone] = ['other', { code: 'not-found' }];
    await expect(app.generations.snapshot(other, id)).rejects.toMatchObject(gone);
    await expect(app.generations.stop(other, generationIdOf(request), undefined)).rejects.toMatchObject(gone);
    await expect(app.generations.start(other, id, question('x'))).rejects.toMatchObject(gone);
    const cursors = [{ generationId: generationIdOf(request), seq: 0 }];
    const stream = app.generations.follow(other, cursors, new AbortController().signal);
    await expect(itemsOf(stream).next()).rejects.toMatchObject(gone);
    expect((await messageIn(app, id, messageIdOf(request)))?.status).toBe('running');
  });

  it('tells the other tabs of new messages, entries and the list', async () => {
    const app = await appWith({ text: 'Hello there.' });
    const id = await conversationIn(app);
    const controller = new AbortController();
    const seen: StreamItem[] = [];
    const watching = (async () => {
      const source = app.generations.events(owner, id, [], controller.signal);
      for await (const items of itemsOf(source)) seen.push(...items);
    })();
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readAll(app, generationIdOf(request));
    await expect
      .poll(() =>
        seen.some(
          (item) => 'type' in item && item.type === 'conversation-changed' && !item.conversation.isRunning,
        ),
      )
      .toBe(true);
    controller.abort();
    await watching;
    expect(seen[0]).toMatchObject({ type: 'messages-added', conversationId: id });
    expect(fold(entriesOf(seen))).toBe('Hello there.');
  });

  it('continues an answer from its text, as a new version of it', async () => {
    const app = await appWith({ text: ' and more' });
    const id = await conversationIn(app);
    const first = question('Hi');
    await app.generations.start(owner, id, first);
    await readAll(app, generationIdOf(first));
    const { userMessage, ...rest } = question('');
    const request = { ...rest, parentId: first.userMessage?.id ?? '' };
    const [reply] = request.replies;
    if (reply) reply.prefix = 'One';
    await app.generations.start(owner, id, request);
    await readAll(app, generationIdOf(request));
    const message = await messageIn(app, id, messageIdOf(request));
    expect(message).toMatchObject({ prefixLength: 3, parentId: first.userMessage?.id });
    expect(textOf(message?.parts ?? [])).toBe('One and more');
    expect(userMessage).toBeDefined();
  });

  it('refuses a message that no model could read, with its size and the limit, before anything is stored', async () => {
    const app = await appWith({ text: 'x' });
    const id = await conversationIn(app);
    await expect(app.generations.start(owner, id, question('word '.repeat(3000)))).rejects.toMatchObject({
      code: 'context-too-long',
      details: { limit: 1500 },
    });
    expect((await app.generations.snapshot(owner, id)).messages).toEqual([]);
  });

  it('leaves out the oldest turns of a conversation that is too long, and says how many', async () => {
    const app = await appWith({ text: 'word '.repeat(300) });
    const id = await conversationIn(app);
    let parentId: string | null = null;
    const leftOut: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const request = question('short question', parentId);
      await app.generations.start(owner, id, request);
      const entries = await readAll(app, generationIdOf(request));
      for (const { event } of entries) if (event.type === 'prepared') leftOut.push(event.leftOut);
      parentId = messageIdOf(request);
    }
    expect(leftOut[0]).toBe(0);
    expect(leftOut.at(-1)).toBeGreaterThan(6);
    expect(leftOut.every((count) => count % 2 === 0)).toBe(true);
    expect((await messageIn(app, id, parentId ?? ''))?.leftOut).toBe(leftOut.at(-1));
  });

  it('ends its runs as interrupted when the server closes, with the text so far', async () => {
    const app = await appWith({ text: longText, tokensPerSecond: 100 });
    const id = await conversationIn(app);
    const request = question('Hi');
    await app.generations.start(owner, id, request);
    await readDeltas(app, generationIdOf(request), 2);
    const reading = readAll(app, generationIdOf(request));
    await app.close();
    expect((await reading).at(-1)?.event).toMatchObject({ type: 'run-end', status: 'interrupted' });
    await expect(app.generations.start(owner, id, question('again'))).rejects.toMatchObject({
      code: 'model-unavailable',
    });
  });
});
