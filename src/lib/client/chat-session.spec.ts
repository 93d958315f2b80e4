import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { partsOf, textOf } from '../domain/parts';
import type { StartReplies } from '../domain/requests';
import { ApiError } from './api';
import {
  conversation,
  delta,
  lost,
  message,
  opened,
  openedServer,
  refused,
  runEnd,
  type FakeServer,
} from './session-fixtures';

let server: FakeServer;
const pathOf = () => server.session.path.map(({ id }) => id);
const textsOf = () => server.session.path.map(({ parts }) => textOf(parts));
const callsTo = (name: string) =>
  server.calls.filter(([called]) => called === name).map(([, ...args]) => args);

beforeEach(() => {
  vi.useFakeTimers();
  server = openedServer();
});
afterEach(() => vi.useRealTimers());

describe('sending', () => {
  it('shows the message and its answer at once, then what the model writes', async () => {
    const sending = server.session.send(['Hi']);
    expect(textsOf()).toEqual(['text of q1', 'text of a1', 'Hi', '']);
    expect(server.session.isRunning).toBe(true);
    expect(await sending).toBe(true);
    server.session.receive(server.lastRun, delta(1, 'Hello'), false);
    server.session.receive(server.lastRun, runEnd(2), false);
    expect(textsOf().at(-1)).toBe('Hello');
    expect(server.session.isRunning).toBe(false);
  });

  it('leaves nothing of what was refused, and says why', async () => {
    server.faults.push(refused());
    expect(await server.session.send(['Hi'])).toBe(false);
    expect(pathOf()).toEqual(['q1', 'a1']);
    expect(server.session.messages).toHaveLength(2);
    expect(server.session.sendError).toMatch(/changed in another tab/u);
    expect(server.session.cursors()).toEqual([]);
  });

  it('repeats the same request when nobody answered', async () => {
    server.faults.push(lost(), lost());
    const sending = server.session.send(['Hi']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await sending).toBe(true);
    const sent = callsTo('startReplies').map(([, request]) => request);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((request) => JSON.stringify(request))).size).toBe(1);
  });

  it('keeps what came from another tab while it was refused', async () => {
    server.faults.push(refused());
    const sending = server.session.send(['Hi']);
    const elsewhere = [message('q2', 'a1'), message('a2', 'q2')];
    const told = { type: 'messages-added' as const, conversationId: 'conversation', leafId: 'a2' };
    server.session.receiveMessages({ ...told, messages: elsewhere });
    expect(pathOf()).not.toContain('q2');
    await sending;
    expect(server.session.messages.map(({ id }) => id)).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  it('is read from one stream: ours is left when the other brings its entries', async () => {
    await server.session.send(['Hi']);
    server.session.receive(server.lastRun, delta(1, 'He'), false);
    server.session.receive(server.lastRun, delta(1, 'He'), true);
    server.session.receive(server.lastRun, delta(2, 'llo'), true);
    expect(textsOf().at(-1)).toBe('Hello');
    server.stream?.enqueue(new TextEncoder().encode('id: x:1\ndata: {}\n\n'));
    await vi.advanceTimersByTimeAsync(0);
    expect(server.isStreamLeft).toBe(true);
  });
});

describe('versions', () => {
  const answer = message('a1', 'q1', { parts: partsOf('Once upon a time'), prefixLength: 4 });
  const reply = (request: StartReplies | undefined) => request?.replies[0];

  it.each<[string, (session: FakeServer['session']) => Promise<boolean>, object, object]>([
    ['retry', (s) => s.retry(answer), { parentId: 'q1' }, { modelId: 'model' }],
    [
      'with another model',
      (s) => s.retry(answer, { modelId: 'other' }),
      { parentId: 'q1' },
      { modelId: 'other' },
    ],
    [
      'with other parameters',
      (s) => s.retry(answer, { parameters: { temperature: 1.1 } }),
      { parentId: 'q1' },
      { parameters: { temperature: 1.1 } },
    ],
    ['retry of the continuation', (s) => s.retry(answer, { keepsPrefix: true }), {}, { prefix: 'Once' }],
    ['continue', (s) => s.continue(answer), { parentId: 'q1' }, { prefix: 'Once upon a time' }],
    ['an answer to a question without one', (s) => s.retry(message('q1', null)), { parentId: 'q1' }, {}],
    [
      'edit',
      (s) => s.edit(message('q2', 'a1'), 'else'),
      { parentId: 'a1', userMessage: { parts: partsOf('else') } },
      {},
    ],
  ])('%s asks for what it says', async (_, act, request, first) => {
    await act(server.session);
    expect(server.requests.at(-1)).toMatchObject(request);
    expect(reply(server.requests.at(-1))).toMatchObject(first);
    if (!('prefix' in first)) expect(reply(server.requests.at(-1))).not.toHaveProperty('prefix');
    if (!('userMessage' in request)) expect(server.requests.at(-1)).not.toHaveProperty('userMessage');
  });

  it('an edited answer is shown once it is taken', async () => {
    server.faults.push(refused());
    expect(await server.session.editAnswer(answer, 'Mine')).toBe(false);
    expect(pathOf()).toEqual(['q1', 'a1']);
    expect(await server.session.editAnswer(answer, 'Mine')).toBe(true);
    expect(textsOf()).toEqual(['text of q1', 'Mine']);
    expect(server.session.versionsOf(answer)).toHaveLength(2);
  });

  it('the choice is kept on the server', async () => {
    server.session.load({ ...opened, messages: [...opened.messages, message('a2', 'q1')] });
    await server.session.choose({ id: 'a2' });
    expect(callsTo('updateConversation')).toEqual([['conversation', { leafId: 'a2' }]]);
  });

  it('a message that is being sent is not chosen on the server, which does not have it', async () => {
    const sending = server.session.send(['Hi']);
    await server.session.choose({ id: 'q1' });
    expect(textsOf()).toContain('Hi');
    await sending;
    expect(callsTo('updateConversation')).toEqual([]);
  });
});

describe('another tab', () => {
  const told = { type: 'messages-added' as const, conversationId: 'conversation' };

  it.each([
    [
      'goes on from here: it is followed',
      [message('q2', 'a1'), message('a2', 'q2')],
      'a2',
      ['q1', 'a1', 'q2', 'a2'],
    ],
    ['adds a version: the reader stays', [message('a2', 'q1')], 'a2', ['q1', 'a1']],
    [
      'goes on from another branch: the reader stays',
      [message('q9', null), message('a9', 'q9')],
      'a9',
      ['q1', 'a1'],
    ],
  ])('%s', (_, messages, leafId, path) => {
    server.session.receiveMessages({ ...told, leafId, messages });
    expect(pathOf()).toEqual(path);
    expect(server.session.messages).toHaveLength(2 + messages.length);
  });

  it('is told of our own message, too: nothing is twice, and what was written stays', async () => {
    await server.session.send(['Hi']);
    server.session.receive(server.lastRun, delta(1, 'Hello'), true);
    server.session.onOwnerEvent(server.added());
    expect(server.session.messages).toHaveLength(4);
    expect(textsOf().at(-1)).toBe('Hello');
    server.session.receive(server.lastRun, runEnd(2), true);
    server.session.onOwnerEvent(server.added());
    expect(textsOf().at(-1)).toBe('Hello');
    expect(server.session.isRunning).toBe(false);
  });

  it('deletes what is shown: the nearest is shown', () => {
    server.session.onOwnerEvent({
      type: 'messages-deleted',
      conversationId: 'conversation',
      messageIds: ['a1'],
    });
    expect(pathOf()).toEqual(['q1']);
  });

  it('deletes what is being edited here: the text is not lost', () => {
    server.session.edits.note('a1', 'half a thought');
    server.session.edits.note('q1', 'another');
    server.session.onOwnerEvent({
      type: 'messages-deleted',
      conversationId: 'conversation',
      messageIds: ['a1'],
    });
    expect(server.session.edits.stranded).toEqual(['half a thought']);
    expect([server.session.edits.textOf('a1'), server.session.edits.textOf('q1')]).toEqual([
      undefined,
      'another',
    ]);
  });

  it('chooses another branch: nothing changes here, also when everything is asked for again', async () => {
    const messages = [...opened.messages, message('a2', 'q1')];
    server.data = { ...opened, conversation: { ...conversation, leafId: 'a2' }, messages };
    await server.session.reload();
    expect(pathOf()).toEqual(['q1', 'a1']);
  });
});

describe('deleting', () => {
  it('follows what the server did, and tells it what is shown when that is something else', async () => {
    const messages = [...opened.messages, message('a2', 'q1'), message('a3', 'q1')];
    server.session.load({ ...opened, messages });
    await server.session.choose({ id: 'a2' });
    server.deletedLeafId = 'a1';
    expect(await server.session.delete(message('a2', 'q1'))).toBe(true);
    expect(pathOf()).toEqual(['q1', 'a1']);
    server.deletedLeafId = 'a3';
    await server.session.delete(message('a9', 'q1'));
    expect(callsTo('updateConversation').at(-1)).toEqual(['conversation', { leafId: 'a1' }]);
  });

  it('takes nothing away when the server did not', async () => {
    server.faults.push(lost());
    expect(await server.session.delete(message('a1', 'q1'))).toBe(false);
    expect(pathOf()).toEqual(['q1', 'a1']);
    expect(server.session.sendError).not.toBeNull();
  });

  it('is undone with the text that the run ended with, although the server still said that it lives', async () => {
    await server.session.send(['Hi']);
    const [question, answer] = server.added().messages;
    if (!question || !answer) throw new Error('Nothing was sent.');
    server.session.receive(server.lastRun, delta(1, 'Hel'), true);
    server.deletedLeafId = 'a1';
    await server.session.delete(question);
    const messageIds = [question.id, answer.id];
    server.session.onOwnerEvent({ type: 'messages-deleted', conversationId: 'conversation', messageIds });
    expect(pathOf()).toEqual(['q1', 'a1']);
    server.session.receive(server.lastRun, runEnd(2, { status: 'stopped' }), true);
    server.data = {
      conversation: { ...conversation, leafId: answer.id },
      messages: [...opened.messages, question, answer],
      cursors: [{ generationId: server.lastRun, seq: 1 }],
    };
    expect(await server.session.undelete(question)).toBe(true);
    expect(textsOf()).toEqual(['text of q1', 'text of a1', 'Hi', 'Hel']);
    expect(server.session.path.at(-1)?.status).toBe('stopped');
  });
});

it('one that was deleted elsewhere says so when it is asked for again, and keeps no stream from coming back', async () => {
  server.faults.push(
    new ApiError({ code: 'not-found', message: 'It is not there.', retryable: false }, true),
  );
  await server.session.reload();
  expect(server.session.sendError).toBe('It is not there.');
  expect(pathOf()).toEqual(['q1', 'a1']);
  server.faults.push(lost());
  await expect(server.session.reload()).rejects.toThrow();
});

it('a fork is asked for under an id of its own; a fault is told', async () => {
  const id = await server.session.fork(message('a1', 'q1'));
  expect(callsTo('fork')).toEqual([['conversation', 'a1', { id }]]);
  server.faults.push(refused());
  expect(await server.session.fork(message('a1', 'q1'))).toBeUndefined();
  expect(server.session.sendError).not.toBeNull();
});
