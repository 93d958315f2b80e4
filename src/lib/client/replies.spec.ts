import { beforeEach, describe, expect, it } from 'vitest';
import { partsOf, textOf } from '../domain/parts';
import { message, openedServer, runEnd, type FakeServer } from './session-fixtures';

let server: FakeServer;
const textsOf = () => server.session.path.map(({ parts }) => textOf(parts));

beforeEach(() => {
  server = openedServer();
});

describe('what is set for answers', () => {
  const answer = message('a1', 'q1', { parts: partsOf('Once upon a time'), prefixLength: 4 });
  const lastReply = () => server.requests.at(-1)?.replies[0];

  it('each answer starts with the given start, except where it goes on from something', async () => {
    server.settings = { answerStart: 'Sure, ' };
    await server.session.send(['Hi']);
    expect(lastReply()).toMatchObject({ prefix: 'Sure, ' });
    expect(textsOf().at(-1)).toBe('Sure, ');
    await server.session.edit(message('q2', 'a1'), 'else');
    expect(lastReply()).toMatchObject({ prefix: 'Sure, ' });
    await server.session.retry(answer);
    expect(lastReply()).toMatchObject({ prefix: 'Sure, ' });
    await server.session.retry(answer, { keepsPrefix: true });
    expect(lastReply()).toMatchObject({ prefix: 'Once' });
    await server.session.continue(answer);
    expect(lastReply()).toMatchObject({ prefix: 'Once upon a time' });
  });

  it('as many versions are asked for as are set, and each has its own text', async () => {
    server.settings = { parameters: { num_return_sequences: 3 } };
    await server.session.send(['Hi']);
    expect(new Set(lastReply()?.messageIds).size).toBe(3);
    const [first] = server.session.path.slice(-1);
    if (!first) throw new Error('It is shown.');
    expect(server.session.versionsOf(first)).toEqual(lastReply()?.messageIds);
    for (const [choice, text] of ['one', 'two', 'three'].entries()) {
      const event = { type: 'delta' as const, choice, kind: 'text' as const, text };
      server.session.receive(server.lastRun, { seq: choice + 1, event }, false);
    }
    server.session.receive(server.lastRun, runEnd(4), false);
    const versions = server.session.messages.slice(-3);
    expect(versions.map(({ parts }) => textOf(parts))).toEqual(['one', 'two', 'three']);
    expect(versions.map(({ status }) => status)).toEqual(['complete', 'complete', 'complete']);
    expect(textsOf().at(-1)).toBe('one');
  });

  it('what a retry says of itself goes over what is set', async () => {
    server.settings = { parameters: { num_return_sequences: 3 } };
    await server.session.retry(answer, { parameters: { num_return_sequences: 2 } });
    expect(lastReply()?.messageIds).toHaveLength(2);
  });
});
