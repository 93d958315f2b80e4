import { describe, expect, it } from 'vitest';
import { chunksOf } from '../__fixtures__/fake-server';
import { readLines, readServerSentEvents } from './sse';

async function all(stream: AsyncIterable<string>): Promise<string[]> {
  const items: string[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function* oneByOne(pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
}

const streams: [string, string, string[]][] = [
  ['LF', 'data: {"a":1}\n\ndata: b\n\n', ['{"a":1}', 'b']],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
  ['no space after the colon', 'data:a\n\ndata: b\n\ndata:  c\n\n', ['a', 'b', ' c']],
  ['comments', ': OPENROUTER PROCESSING\n\n:\n\ndata: a\n\n: ping - now\r\n\r\n', ['a']],
  ['several data lines', 'data: a\ndata: b\ndata\n\n', ['a\nb\n']],
  ['names and ids', 'event: token\nid: 4\nretry: 100\ndata: a\n\n', ['a']],
  ['no blank line at the end', 'data: a\n\ndata: b', ['a', 'b']],
  ['one line end at the end', 'data: a\n\ndata: b\n', ['a', 'b']],
  ['an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
  ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
  ['the field error', 'error: {"code":500}\n\nerror: no\n\n', ['{"error":{"code":500}}', '{"error":"no"}']],
  ['characters of every length', 'data: é 狐 🦊 —\n\ndata: ✓\n\n', ['é 狐 🦊 —', '✓']],
];

describe('server-sent events', () => {
  it.each(streams)('with %s are the same however they are cut', async (_, text, events) => {
    const { length } = Buffer.from(text);
    for (let size = 1; size <= length; size += 1)
      expect(await all(readServerSentEvents(chunksOf(text, size)))).toEqual(events);
  });

  it('survive a cut at every single place', async () => {
    const bytes = Buffer.from('data: é\r\n\r\ndata: 🦊\n\n');
    for (let at = 0; at <= bytes.length; at += 1) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(await all(readServerSentEvents(oneByOne(pieces)))).toEqual(['é', '🦊']);
    }
  });

  it('end with U+FFFD when half a character is last', async () => {
    const pieces = ['data: a', Buffer.from('🦊').subarray(0, 2)];
    expect(await all(readServerSentEvents(oneByOne(pieces)))).toEqual(['a\uFFFD']);
  });

  it('of a megabyte cost no more a byte than short ones, in pieces of any size', async () => {
    const line = 'x'.repeat(1024 * 1024);
    expect(await all(readServerSentEvents(chunksOf(`data: ${line}\n\n`, 7)))).toEqual([line]);
    const timeOf = async (length: number): Promise<number> => {
      const text = `data: ${'x'.repeat(length)}\n\n`;
      let best = Infinity;
      for (let run = 0; run < 3; run += 1) {
        const from = performance.now();
        await all(readServerSentEvents(chunksOf(text, 64)));
        best = Math.min(best, performance.now() - from);
      }
      return best;
    };
    await timeOf(100_000);
    expect(await timeOf(1_600_000)).toBeLessThan(24 * (await timeOf(200_000)));
  });

  it('beyond all bounds are refused, in one line and in many', async () => {
    const refused = { code: 'backend-protocol' };
    const line = `data: ${'x'.repeat(100)}`;
    await expect(all(readServerSentEvents(chunksOf(line, 10), 50))).rejects.toMatchObject(refused);
    const many = 'data: xxxxxxxxxx\n'.repeat(10);
    await expect(all(readServerSentEvents(chunksOf(many, 10), 50))).rejects.toMatchObject(refused);
  });
});

describe('lines of JSON', () => {
  it('are the same however they are cut', async () => {
    const text = '{"a":"é🦊"}\n\n{"b":1}\r\n{"c":2}';
    for (let size = 1; size <= Buffer.from(text).length; size += 1)
      expect(await all(readLines(chunksOf(text, size)))).toEqual(['{"a":"é🦊"}', '{"b":1}', '{"c":2}']);
  });
});
