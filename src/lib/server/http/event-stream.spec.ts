import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FollowedEntry } from '../../domain/generation-event';
import type { StreamItem, StreamSource } from '../../domain/stream';
import { eventStream } from './event-stream';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A source that a test fills; it counts how often it was read. */
class Source implements StreamSource {
  reads = 0;
  fault: Error | undefined;
  isDone = false;
  private items: StreamItem[] = [];
  private wake = () => {};

  read(): IteratorResult<StreamItem[], undefined> | undefined {
    this.reads += 1;
    if (this.items.length > 0) return { value: this.items.splice(0), done: false };
    if (this.fault) throw this.fault;
    return this.isDone ? { value: undefined, done: true } : undefined;
  }

  onReadable(callback: () => void): void {
    this.wake = callback;
  }

  add(...items: StreamItem[]): void {
    this.items.push(...items);
    this.wake();
  }

  end(fault?: Error): void {
    this.fault = fault;
    this.isDone = true;
    this.wake();
  }
}

const entry = (seq: number): FollowedEntry => ({
  generationId: 'run',
  seq,
  event: { type: 'delta', choice: 0, kind: 'text', text: `t${String(seq)}` },
});
const frame = (seq: number) =>
  `id: run:${String(seq)}\ndata: ${JSON.stringify({ seq, event: entry(seq).event })}\n\n`;
const opening = ': open\n\n';

function streamOf(source: Source, end = () => {}) {
  const reader = eventStream(source, end).body?.getReader();
  if (!reader) throw new Error('The response has no body.');
  const decoder = new TextDecoder();
  return {
    read: async () => {
      const { value, done } = await reader.read();
      return done ? 'end' : decoder.decode(value);
    },
    cancel: () => reader.cancel(),
  };
}

describe('eventStream', () => {
  it('opens at once, then writes what comes when it comes', async () => {
    const source = new Source();
    const { read } = streamOf(source);
    expect(await read()).toBe(opening);
    const first = read();
    source.add(entry(1));
    expect(await first).toBe(frame(1));
    const second = read();
    source.add({ type: 'conversation-deleted', conversationId: 'c' });
    expect(await second).toBe('event: list\ndata: {"type":"conversation-deleted","conversationId":"c"}\n\n');
  });

  it('reads nothing ahead of a slow reader, and gives it all that came meanwhile at once', async () => {
    const source = new Source();
    const { read } = streamOf(source);
    await read();
    const first = read();
    source.add(entry(1));
    await first;
    const { reads } = source;
    for (let seq = 2; seq <= 50; seq += 1) source.add(entry(seq));
    vi.advanceTimersByTime(120_000);
    expect(source.reads, 'the reader has not asked for more').toBe(reads);
    expect(await read()).toBe(Array.from({ length: 49 }, (_, index) => frame(index + 2)).join(''));
  });

  it('gives every entry once and in order, whether reader or source is first', async () => {
    const source = new Source();
    const { read } = streamOf(source);
    await read();
    let text = '';
    const reading = (async () => {
      for (let chunk = await read(); chunk !== 'end'; chunk = await read()) text += chunk;
    })();
    for (let seq = 1; seq <= 300; seq += 1) {
      source.add(entry(seq));
      if (seq % 7 === 0) await Promise.resolve();
      if (seq % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    source.end();
    await reading;
    expect(text).toBe(Array.from({ length: 300 }, (_, index) => frame(index + 1)).join(''));
  });

  it('keeps the connection alive while there is nothing to say', async () => {
    const { read } = streamOf(new Source());
    await read();
    const next = read();
    vi.advanceTimersByTime(15_000);
    expect(await next).toBe(': keep-alive\n\n');
  });

  it('breaks off with what broke the source, and its caller hears nothing of it', async () => {
    const source = new Source();
    const { read } = streamOf(source);
    await read();
    const broken = expect(read()).rejects.toThrow('unreadable');
    expect(() => source.end(new Error('unreadable'))).not.toThrow();
    await broken;
    expect(() => source.add(entry(1))).not.toThrow();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets go of everything when its reader goes', async () => {
    const source = new Source();
    let isEnded = false;
    const { read, cancel } = streamOf(source, () => (isEnded = true));
    await read();
    await cancel();
    expect(isEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(() => source.add(entry(1))).not.toThrow();
  });
});
