import { describe, expect, it } from 'vitest';
import type { ImportReport } from '../domain/portable';
import { ApiError } from './api';
import type { ImportBody } from './data-api';
import { FileImport } from './file-import.svelte';

const head = { format: 'parlance-conversations', version: 1, exportedAt: '2026-01-02T03:04:05.678Z' };
const fileOf = (conversations: unknown[]) =>
  new File([JSON.stringify({ ...head, conversations })], 'mine.json');
const nothing: ImportReport = { imported: 0, skipped: 0, refused: 0, faults: [] };

const refusal = new ApiError({ code: 'conflict', message: 'No.', retryable: false }, true);

/** A server that says `answer` to each piece, and remembers them. */
function serverOf(answer: (body: ImportBody, sent: ImportBody[]) => ImportReport | Promise<ImportReport>) {
  const sent: ImportBody[] = [];
  const files: { id: string; name: string; size: number }[] = [];
  const api = {
    import: async (body: ImportBody) => {
      sent.push(body);
      return answer(body, sent);
    },
    putFile: (id: string, name: string, { size }: Blob) => {
      if (name === 'refused') return Promise.reject(refusal);
      files.push({ id, name, size });
      return Promise.resolve({ id, name, mime: 'image/png', createdAt: new Date(0) });
    },
  };
  return { sent, files, api };
}
const takesAll = ({ conversations }: ImportBody) => ({ ...nothing, imported: conversations.length });

describe('FileImport', () => {
  it('sends a large file in pieces, each conversation once and in order', async () => {
    const conversations = Array.from({ length: 500 }, (_, index) => ({ index, text: '世'.repeat(10_000) }));
    const { sent, api } = serverOf(takesAll);
    const run = new FileImport(fileOf(conversations), api);
    await run.run();
    expect(run).toMatchObject({ state: 'done', error: null, fraction: 1, report: { imported: 500 } });
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.flatMap((body) => body.conversations)).toEqual(conversations);
    for (const body of sent) {
      expect(body).toMatchObject({ format: head.format, version: 1 });
      expect(JSON.stringify(body).length).toBeLessThan(1_100_000);
    }
  });

  it('sends the images of a large conversation before it, one by one, and of a small one with it', async () => {
    const image = (name: string, size: number) => ({
      id: name,
      name,
      bytes: Buffer.alloc(size).toString('base64'),
    });
    const many = ['a', 'b', 'refused', 'd'].map((name) => image(name, 2_500_000));
    const small = { title: 'small', files: [image('x', 9)] };
    const { sent, files, api } = serverOf(takesAll);
    const run = new FileImport(fileOf([{ title: 'large', files: many }, small]), api);
    await run.run();
    expect(run).toMatchObject({ state: 'done', error: null, report: { imported: 2, refused: 0 } });
    expect(files).toEqual(['a', 'b', 'd'].map((name) => ({ id: name, name, size: 2_500_000 })));
    expect(sent.flatMap((body) => body.conversations)).toEqual([{ title: 'large', files: [many[2]] }, small]);
  });

  it('tells the place of a fault in the file, not in the piece', async () => {
    const conversations = Array.from({ length: 250 }, (_, index) => ({ index, text: 'x'.repeat(10_000) }));
    const { sent, api } = serverOf(({ conversations: piece }, { length }) =>
      length === 1
        ? { ...nothing, imported: piece.length }
        : { ...nothing, refused: 1, faults: [{ path: 'conversations.3.title', message: 'wrong' }] },
    );
    const run = new FileImport(fileOf(conversations), api);
    await run.run();
    const first = sent[0]?.conversations.length ?? 0;
    expect(run.report.faults[0]).toEqual({
      path: `conversations.${String(first + 3)}.title`,
      message: 'wrong',
    });
  });

  it('refuses a conversation whose text is damaged, and takes the others', async () => {
    const text = `{"format":"parlance-conversations","version":1,"conversations":[{"a":1},{"a":tru},{"a":3}]}`;
    const { sent, api } = serverOf(takesAll);
    const run = new FileImport(new File([text], 'x.json'), api);
    await run.run();
    expect(run).toMatchObject({ state: 'done', report: { imported: 2, refused: 1 } });
    expect(run.report.faults[0]?.path).toBe('conversations.1');
    expect(sent[0]?.conversations).toEqual([{ a: 1 }, { a: 3 }]);
  });

  it('sends nothing of a file that is not ours, and says so', async () => {
    for (const content of [
      'words',
      new Uint8Array([0xff, 0xfe, 0x00]),
      '{"format":"other","conversations":[{}]}',
    ]) {
      const { sent, api } = serverOf(takesAll);
      const run = new FileImport(new File([content], 'x.json'), api);
      await run.run();
      expect(run.state).toBe('failed');
      expect(run.error).toMatch(/^This is not a /u);
      expect(sent).toEqual([]);
    }
  });

  it('takes in what is complete of a file that was cut off', async () => {
    const text = JSON.stringify({ ...head, conversations: [{ a: 1 }, { a: 2 }] });
    const { api } = serverOf(takesAll);
    const run = new FileImport(new File([text.slice(0, -5)], 'x.json'), api);
    await run.run();
    expect(run).toMatchObject({ state: 'failed', report: { imported: 1 } });
    expect(run.error).toContain('ends too early');
  });

  it('says what the server said no with, and stops there', async () => {
    const fault = { code: 'storage-unavailable', message: 'No.', retryable: true } as const;
    const { sent, api } = serverOf(() => Promise.reject(new ApiError(fault, true)));
    const run = new FileImport(fileOf([{ a: 'x'.repeat(1_100_000) }, { a: 2 }]), api);
    await run.run();
    expect(run.state).toBe('failed');
    expect(run.error).toContain('cannot store');
    expect(sent).toHaveLength(1);
  });

  it('stops after the piece that is on its way when it is cancelled', async () => {
    const conversations = Array.from({ length: 300 }, () => ({ text: 'x'.repeat(10_000) }));
    const { sent, api } = serverOf((body) => {
      run.cancel();
      return takesAll(body);
    });
    const run = new FileImport(fileOf(conversations), api);
    await run.run();
    expect(run.state).toBe('cancelled');
    expect(sent).toHaveLength(1);
    expect(run.report.imported).toBe(sent[0]?.conversations.length);
  });
});
