import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Api } from './api';
import type { ChatSession } from './chat-session.svelte';
import { LiveEvents } from './live-events.svelte';

/** A server that hands out streams which the test writes into and breaks. */
class FakeServer {
  readonly opened: ReadableStreamDefaultController<Uint8Array>[] = [];
  isDown = false;
  /** Lets the next stream wait for this. */
  gate: Promise<void> = Promise.resolve();
  aborted = 0;
  isBusy = false;
  returns = 0;
  firsts = 0;
  readonly events: unknown[] = [];

  readonly live = new LiveEvents({
    api: { events: (_: unknown, __: unknown, signal: AbortSignal) => this.open(signal) } as unknown as Api,
    onOwnerEvent: (event) => this.events.push(event),
    onReturn: () => {
      this.returns += 1;
      return Promise.resolve();
    },
    onFirst: () => (this.firsts += 1),
    isBusy: () => this.isBusy,
  });

  private open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    if (this.isDown) return Promise.reject(new Error('down'));
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.opened.push(controller);
        signal.addEventListener('abort', () => {
          this.aborted += 1;
          controller.error(new Error('aborted'));
        });
      },
    });
    return this.gate.then(() => body);
  }

  say(text: string): void {
    this.opened.at(-1)?.enqueue(new TextEncoder().encode(text));
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0);
let server: FakeServer;
beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.live.follow(null);
  await settle();
});
afterEach(() => {
  server.live.close();
  vi.useRealTimers();
});

it('comes back by itself when the server breaks it off, and asks what it missed', async () => {
  expect(server.returns).toBe(0);
  server.opened[0]?.error(new Error('broken'));
  await vi.advanceTimersByTimeAsync(500);
  expect(server.opened).toHaveLength(2);
  expect(server.returns).toBe(1);
  expect(server.firsts).toBe(1);
  server.say('event: list\ndata: {"type":"conversation-deleted","conversationId":"a"}\n\n');
  await settle();
  expect(server.events).toEqual([{ type: 'conversation-deleted', conversationId: 'a' }]);
});

it('reads the former stream until that of another conversation is there, and then no more', async () => {
  let open = () => {};
  server.gate = new Promise((resolve) => (open = resolve));
  const deleted = (id: string) =>
    new TextEncoder().encode(
      `event: list\ndata: {"type":"conversation-deleted","conversationId":"${id}"}\n\n`,
    );
  for (const id of ['b', 'c']) server.live.follow({ id, cursors: () => [] } as unknown as ChatSession);
  await settle();
  server.opened[0]?.enqueue(deleted('meanwhile'));
  await settle();
  expect(server.events).toEqual([{ type: 'conversation-deleted', conversationId: 'meanwhile' }]);
  open();
  await settle();
  expect(server.opened).toHaveLength(3);
  // The first, and the second, which was never needed.
  expect(server.aborted).toBe(2);
  server.opened[2]?.enqueue(deleted('later'));
  await settle();
  expect(server.events).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([server.opened.length, server.returns]).toEqual([3, 0]);
});

it('says that the server is lost after a while, and no longer when it is back', async () => {
  server.isDown = true;
  server.opened[0]?.error(new Error('broken'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.live.isLost).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.live.isLost).toBe(true);
  server.isDown = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(server.live.isLost).toBe(false);
});

it('tries at once when the network is back, however long it would have waited', async () => {
  server.isDown = true;
  server.opened[0]?.error(new Error('broken'));
  await vi.advanceTimersByTimeAsync(60_000);
  server.isDown = false;
  server.live.retryNow();
  await settle();
  expect(server.opened).toHaveLength(2);
});

it('leaves a stream that has been silent for too long, as after a sleep, and no other', async () => {
  for (let seconds = 0; seconds < 60; seconds += 15) {
    server.say(': keep-alive\n\n');
    await vi.advanceTimersByTimeAsync(15_000);
    server.live.check();
  }
  expect(server.opened).toHaveLength(1);
  // Timers stand still while a laptop sleeps; the clock does not.
  vi.setSystemTime(Date.now() + 3_600_000);
  server.live.check();
  await settle();
  expect(server.opened).toHaveLength(2);
  expect(server.returns).toBe(1);
});

it('gives its connection back while hidden with nothing running, and keeps it for an answer', async () => {
  server.isBusy = true;
  server.live.onVisibility(false);
  server.say('event: list\ndata: {"type":"conversation-deleted","conversationId":"a"}\n\n');
  await settle();
  expect(server.events).toHaveLength(1);
  server.isBusy = false;
  server.live.onVisibility(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.opened).toHaveLength(1);
  server.live.onVisibility(true);
  await settle();
  expect(server.opened).toHaveLength(2);
  expect(server.returns).toBe(1);
});
