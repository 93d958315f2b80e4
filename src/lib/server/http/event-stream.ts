import type { FollowedEntry } from '../../domain/generation-event';
import type { StreamItem } from '../../domain/stream';

const keepAliveMs = 15_000;
const keepAlive = Buffer.from(': keep-alive\n\n');

/**
 * A response of server-sent events. Entries of runs are `id: <generationId>:<seq>` with the entry as data; changes of
 * the list are of event `list` without an id. `end` tells the source that the reader has gone.
 */
export function eventStream(items: AsyncIterable<StreamItem[]>, end: () => void): Response {
  const iterator = items[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // At once, so that a proxy sends the headers on.
        controller.enqueue(Buffer.from(': open\n\n'));
        timer = setInterval(() => controller.enqueue(keepAlive), keepAliveMs).unref();
      },
      async pull(controller) {
        try {
          const { value, done } = await iterator.next();
          if (!done) return controller.enqueue(Buffer.from(value.map(textOf).join('')));
          clearInterval(timer);
          controller.close();
        } catch (thrown) {
          clearInterval(timer);
          controller.error(thrown);
        }
      },
      async cancel() {
        clearInterval(timer);
        end();
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx holds answers back otherwise.
      'x-accel-buffering': 'no',
    },
  });
}

function textOf(item: StreamItem): string {
  return 'seq' in item ? entryText(item) : `event: list\ndata: ${JSON.stringify(item)}\n\n`;
}

function entryText({ generationId, seq, event }: FollowedEntry): string {
  return `id: ${generationId}:${String(seq)}\ndata: ${JSON.stringify({ seq, event })}\n\n`;
}
