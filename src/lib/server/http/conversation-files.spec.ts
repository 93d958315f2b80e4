import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { randomConversation } from '../../domain/__fixtures__/random-conversation';
import { toPortable, type WholeConversation } from '../../domain/portable';
import { portableDocumentSchema } from '../../domain/portable-schema';
import { exportFormat, jsonDocument, markdownArchive } from './conversation-files';
import { download } from './download';

const titled = (title: string, seed = 1): WholeConversation => {
  const whole = randomConversation(seed);
  const createdAt = new Date('2026-01-02T03:04:05.678Z');
  return { ...whole, conversation: { ...whole.conversation, title, createdAt } };
};

async function* each<T>(values: T[], onAsked = () => {}): AsyncGenerator<T> {
  for (const value of values) {
    onAsked();
    yield await Promise.resolve(value);
  }
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const noFile = (id: string) => Promise.reject(new Error(`Nobody shows ${id}.`));

describe('the JSON document', () => {
  it.each([0, 1, 25])('of %i conversations is one document, each on a line of its own', async (count) => {
    const wholes = Array.from({ length: count }, (_, seed) => randomConversation(seed));
    let text = '';
    for await (const piece of jsonDocument(each(wholes), new Date(5), noFile)) text += piece;
    const document = portableDocumentSchema.parse(JSON.parse(text));
    expect(document.exportedAt).toEqual(new Date(5));
    expect(document.conversations).toEqual(JSON.parse(JSON.stringify(wholes.map(toPortable))));
    expect(text.trimEnd().split('\n')).toHaveLength(count + 2);
  });
});

describe('the archive of Markdown files', () => {
  it('has a file for each conversation, under names that are safe and unique', async () => {
    const titles = ['Plan', 'plan', 'Plan', '../../etc/passwd', 'Grüße 🌍', '', '<script>'];
    const files = unzipSync(await bytesOf(markdownArchive(each(titles.map((title) => titled(title))))));
    expect(Object.keys(files)).toEqual([
      '2026-01-02 Plan.md',
      '2026-01-02 plan (2).md',
      '2026-01-02 Plan (3).md',
      '2026-01-02 etc passwd.md',
      '2026-01-02 Grüße 🌍.md',
      '2026-01-02 Conversation.md',
      '2026-01-02 script.md',
    ]);
    expect(strFromU8(files['2026-01-02 Plan.md'] ?? new Uint8Array())).toMatch(/^# Plan\n/u);
  });

  it('packs a large conversation in pieces, whole', async () => {
    const whole = titled('Large');
    const text = Array.from({ length: 200_000 }, (_, index) => `line ${String(index)}`).join('\n');
    const [message] = whole.messages;
    if (!message) throw new Error('The fixture has no message.');
    const large: WholeConversation = {
      ...whole,
      conversation: { ...whole.conversation, leafId: message.id },
      messages: [{ ...message, parentId: null, parts: [{ type: 'text', text }] }],
    };
    const files = unzipSync(await bytesOf(markdownArchive(each([large]))));
    expect(strFromU8(files['2026-01-02 Large.md'] ?? new Uint8Array())).toContain(text);
  });

  it('is an archive also without a conversation', async () => {
    expect(unzipSync(await bytesOf(markdownArchive(each([]))))).toEqual({});
  });
});

describe('download', () => {
  const file = { name: 'Grüße "x" (1).json', contentType: 'application/json' };

  it('is saved under its name, also by those who know ASCII alone', async () => {
    const response = download(file, ['a', new TextEncoder().encode('b')]);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="Gru__e _x_ (1).json"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22x%22%20%281%29.json`,
    );
    expect(await response.text()).toBe('ab');
  });

  it('asks for nothing before it is wanted, and ends the source when its client goes', async () => {
    let asked = 0;
    let isEnded = false;
    const source = (async function* () {
      try {
        yield* each(
          Array.from({ length: 1000 }, () => 'x'),
          () => (asked += 1),
        );
      } finally {
        isEnded = true;
      }
    })();
    const reader = download(file, source).body?.getReader();
    expect(asked).toBe(0);
    await reader?.read();
    await reader?.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(2);
    await reader?.cancel();
    expect(isEnded).toBe(true);
  });

  it('breaks off when the source fails, so that no half file looks whole', async () => {
    const failing = (async function* () {
      yield await Promise.resolve('half');
      throw new Error('storage');
    })();
    await expect(download(file, failing).text()).rejects.toThrow('storage');
  });
});

it('knows two formats', () => {
  const of = (query: string) => exportFormat(new URL(`http://localhost/api/export${query}`));
  expect([of(''), of('?format=json'), of('?format=markdown')]).toEqual(['json', 'json', 'markdown']);
  expect(() => of('?format=html')).toThrow('json or markdown');
});
