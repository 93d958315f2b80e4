import type { FollowedEntry } from '../../domain/generation-event';
import type { StreamItem, StreamSource } from '../../domain/stream';

const keepAliveMs = 15_000;
const keepAlive = Buffer.from(': keep-alive\n\n');

/**
 * A response of server-sent events. Entries of runs are `id: <generationId>:<seq>` with the entry as data; changes of
 * the list are of event `list` without an id. `end` tells the source that the reader has gone.
 */
export function eventStream(source: StreamSource, end: () => void): Response {
  const body = new ReadableStream<Uint8Array>(new EventStreamBody(source, end), { highWaterMark: 0 });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx holds answers back otherwise.
      'x-accel-buffering': 'no',
    },
  });
}

/**
 * Pushes what the source has as soon as the reader wants it, and never before: a slow reader keeps its place in the
 * source. Pushing saves several promises for every token of every reader, which is most of what a server does.
 */
class EventStreamBody implements UnderlyingDefaultSource<Uint8Array> {
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private isWanted = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: StreamSource,
    private readonly end: () => void,
  ) {}

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.controller = controller;
    // At once, so that a proxy sends the headers on.
    controller.enqueue(Buffer.from(': open\n\n'));
    this.timer = setInterval(() => this.isWanted && this.give(keepAlive), keepAliveMs).unref();
    this.source.onReadable(() => this.push());
  }

  pull(): void {
    this.isWanted = true;
    this.push();
  }

  cancel(): void {
    clearInterval(this.timer);
    this.end();
  }

  /** Never throws: it is called from within the run that wrote the entry. */
  private push(): void {
    if (!this.isWanted) return;
    try {
      const step = this.source.read();
      if (!step) return;
      if (!step.done) return this.give(Buffer.from(step.value.map(textOf).join('')));
      clearInterval(this.timer);
      this.isWanted = false;
      this.controller?.close();
    } catch (thrown) {
      clearInterval(this.timer);
      this.isWanted = false;
      this.controller?.error(thrown);
    }
  }

  private give(bytes: Uint8Array): void {
    this.isWanted = false;
    this.controller?.enqueue(bytes);
  }
}

function textOf(item: StreamItem): string {
  return 'seq' in item ? entryText(item) : `event: list\ndata: ${JSON.stringify(item)}\n\n`;
}

function entryText({ generationId, seq, event }: FollowedEntry): string {
  return `id: ${generationId}:${String(seq)}\ndata: ${JSON.stringify({ seq, event })}\n\n`;
}
