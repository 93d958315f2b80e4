import { describe, expect, it } from 'vitest';
import { checkPortableHead, DamagedFile, FileSplitter } from './file-splitter';

const head = { format: 'parlance-conversations', version: 1, exportedAt: '2026-01-02T03:04:05.678Z' };
const conversations = [
  { title: 'plain', messages: [] },
  { title: 'a "quote", a \\ and ]}', messages: [{ parts: [[], {}, ['x', { y: '[{' }]] }] },
  { title: '世界 🌍', 'key "]': { conversations: [1, [2]] } },
  'text',
  7,
];
const document = { ...head, conversations };

/** The members of a document that comes in pieces of so many characters. */
function membersOf(text: string, size: number): unknown[] {
  const splitter = new FileSplitter(checkPortableHead);
  const members: string[] = [];
  for (let at = 0; at < text.length; at += size) members.push(...splitter.push(text.slice(at, at + size)));
  splitter.end();
  return members.map((member) => JSON.parse(member) as unknown);
}

describe('FileSplitter', () => {
  it.each([1, 2, 7, 100_000])(
    'finds the conversations in pieces of %i characters, however it is laid out',
    (size) => {
      for (const text of [
        JSON.stringify(document),
        JSON.stringify(document, null, '\t'),
        `\n ${JSON.stringify(document)}\n`,
      ]) {
        expect(membersOf(text, size)).toEqual(conversations);
      }
    },
  );

  it('reads a file without a conversation', () => {
    expect(membersOf(JSON.stringify({ ...head, conversations: [] }, null, 2), 1)).toEqual([]);
  });

  it('hands a conversation on as soon as it is complete', () => {
    const splitter = new FileSplitter(checkPortableHead);
    const text = JSON.stringify(document);
    const end = text.indexOf('},{') + 2;
    expect(splitter.push(text.slice(0, end)).map((member) => JSON.parse(member) as unknown)).toEqual([
      conversations[0],
    ]);
  });

  it('refuses a beginning that is not ours before it gives anything away', () => {
    const of = (changes: object) => JSON.stringify({ ...document, ...changes });
    expect(() => membersOf(of({ format: 'other' }), 5)).toThrow('not a file that Parlance exported');
    expect(() => membersOf(of({ version: 2 }), 5)).toThrow('version 2');
    for (const foreign of [
      '',
      'words',
      '[1,2]',
      '{}',
      '[{"title":"x","mapping":{}}]',
      '{"a":[1]}',
      '"text"',
    ]) {
      expect(() => membersOf(foreign, 3), foreign).toThrow(DamagedFile);
    }
  });

  it('notices wherever the file is cut off', () => {
    const text = JSON.stringify(document);
    for (let length = 0; length < text.length; length += 1) {
      expect(() => membersOf(text.slice(0, length), 11), String(length)).toThrow(DamagedFile);
    }
  });

  it('notices what follows after the end', () => {
    expect(() => membersOf(`${JSON.stringify(document)}{}`, 9)).toThrow(DamagedFile);
  });
});
