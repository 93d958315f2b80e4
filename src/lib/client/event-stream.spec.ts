import { describe, expect, it } from 'vitest';
import { readFrames, type Frame } from './event-stream';

const encoder = new TextEncoder();
const written =
  ': open\n\nid: run:1\ndata: {"text":"Grüße, 世界 🌍"}\n\nevent: list\ndata: one\ndata:two\n\n: keep-alive\n\n';
const read: Frame[] = [
  { id: 'run:1', event: 'message', data: '{"text":"Grüße, 世界 🌍"}' },
  { id: '', event: 'list', data: 'one\ntwo' },
];

/** A body that gives so many bytes at a time; `onCancel` is called when its reader goes. */
function bodyOf(text: string, size: number, onCancel?: () => void): ReadableStream<Uint8Array> {
  const bytes = encoder.encode(text);
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, (at += size)));
      },
      cancel: () => onCancel?.(),
    },
    { highWaterMark: 0 },
  );
}

async function framesOf(body: ReadableStream<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(body)) frames.push(frame);
  return frames;
}

describe('readFrames', () => {
  // One byte at a time splits every character of several bytes and every pair of line ends.
  it.each([1, 2, 3, 5, 1000])('reads the same frames from chunks of %i bytes', async (size) => {
    expect(await framesOf(bodyOf(written, size))).toEqual(read);
  });

  it.each([
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('reads lines that end in %s, one byte a chunk', async (_, lineEnd) => {
    expect(await framesOf(bodyOf(written.replaceAll('\n', lineEnd), 1))).toEqual(read);
  });

  it('hands a frame on as soon as it is complete', async () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const frames = readFrames(new ReadableStream({ start: (given) => void (controller = given) }));
    controller?.enqueue(encoder.encode('data: first\n\ndata: sec'));
    expect(await frames.next()).toMatchObject({ value: { data: 'first' } });
    controller?.enqueue(encoder.encode('ond\n\n'));
    expect(await frames.next()).toMatchObject({ value: { data: 'second' } });
    await frames.return(undefined);
  });

  it('leaves out comments, frames without data, and a frame that was cut off', async () => {
    const text = ':\n\nid: 1\n\nunknown: field\ndata: kept\n\ndata: cut off';
    expect(await framesOf(bodyOf(text, 4))).toEqual([{ id: '', event: 'message', data: 'kept' }]);
  });

  it('takes off one space after the colon and no more', async () => {
    const frames = await framesOf(bodyOf('data:  two\ndata\ndata:a: b\n\n', 1));
    expect(frames.map(({ data }) => data)).toEqual([' two\n\na: b']);
  });

  it('lets go of the connection when its reader leaves early', async () => {
    let isCancelled = false;
    for await (const frame of readFrames(bodyOf(written, 1, () => (isCancelled = true)))) {
      expect(frame).toEqual(read[0]);
      break;
    }
    expect(isCancelled).toBe(true);
  });

  it('passes on what breaks the connection, after the frames before it', async () => {
    const pieces = ['data: kept\n\ndata: los'];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) controller.error(new Error('reset'));
        else controller.enqueue(encoder.encode(piece));
      },
    });
    const frames = readFrames(body);
    expect(await frames.next()).toMatchObject({ value: { data: 'kept' } });
    await expect(frames.next()).rejects.toThrow('reset');
  });
});
