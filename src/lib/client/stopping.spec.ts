import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Message } from '../domain/message';
import { partsOf, textOf } from '../domain/parts';
import { RunStreams } from './run-streams.svelte';
import { delta, lost, message, opened, openedServer, runEnd, type FakeServer } from './session-fixtures';

let server: FakeServer;
const textsOf = () => server.session.path.map(({ parts }) => textOf(parts));
const stops = () => server.calls.filter(([called]) => called === 'stop').map(([, ...args]) => args);

beforeEach(() => {
  vi.useFakeTimers();
  server = openedServer();
});
afterEach(() => vi.useRealTimers());

it('waits for the start, and names the entry that is on screen', async () => {
  const sending = server.session.send(['Hi']);
  const stopping = server.session.stop();
  expect(stops()).toEqual([]);
  expect(server.session.path.at(-1)?.status).toBe('stopped');
  await Promise.all([sending, stopping]);
  expect(stops()).toEqual([[server.lastRun, 0]]);
});

it('goes on with the text, and can be stopped again, when the server did not hear of it', async () => {
  await server.session.send(['Hi']);
  server.session.receive(server.lastRun, delta(1, 'Hel'), true);
  server.faults.push(lost());
  const stopping = server.session.stop();
  server.session.receive(server.lastRun, delta(2, 'lo'), true);
  expect([server.session.isRunning, textsOf().at(-1)]).toEqual([false, 'Hel']);
  await stopping;
  expect(server.session.sendError).toMatch(/cannot be reached/u);
  expect([server.session.isRunning, textsOf().at(-1)]).toEqual([true, 'Hello']);
  server.session.receive(server.lastRun, delta(3, '!'), true);
  expect(textsOf().at(-1)).toBe('Hello!');
  await server.session.stop();
  expect(stops().at(-1)).toEqual([server.lastRun, 3]);
});

it('asks for everything again when the text became shorter than where this page began', async () => {
  const running = message('a1', 'q1', {
    status: 'running',
    generationId: 'run',
    parts: partsOf('Hello you'),
  });
  const messages = [message('q1', null), running];
  server.session.load({ ...opened, messages, cursors: [{ generationId: 'run', seq: 5 }] });
  server.data = {
    ...opened,
    messages: [message('q1', null), { ...running, status: 'stopped', parts: partsOf('Hello') }],
  };
  server.session.receive('run', runEnd(6, { status: 'stopped', throughSeq: 2 }), true);
  await vi.advanceTimersByTimeAsync(0);
  expect(textsOf()).toEqual(['text of q1', 'Hello']);
});

it('loses nothing of an answer that was complete before the stop was heard, whatever was not drawn yet', async () => {
  const frames: (() => void)[] = [];
  let shown: readonly Message[] = [];
  const streams = new RunStreams({
    schedule: (work) => frames.push(work),
    onFold: (messages) => (shown = messages),
    onShorterEnd: () => undefined,
  });
  const draw = () => frames.splice(0).forEach((work) => work());
  streams.begin('run', [message('a1', 'q1', { status: 'running', parts: [] })]);
  streams.receive('run', delta(1, 'Hel'), true);
  draw();
  streams.receive('run', delta(2, 'lo'), true);
  streams.receive('run', runEnd(3), true);
  const told: number[] = [];
  await streams.freezeFor('run', (throughSeq) => Promise.resolve(void told.push(throughSeq)));
  expect(told).toEqual([1]);
  draw();
  expect(shown.map(({ parts, status }) => [textOf(parts), status])).toEqual([['Hello', 'complete']]);
});
