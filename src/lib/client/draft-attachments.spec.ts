import { beforeEach, expect, it, vi } from 'vitest';
import { usualImages } from '../domain/model-summary';
import type { FilePart } from '../domain/parts';
import { Attachments } from './attachments.svelte';
import { DraftAttachments } from './draft-attachments';

const limits = () => usualImages;
const file = (name: string) => new File(['bytes'], name, { type: 'image/png' });
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Drafts whose uploads a test decides, with what is kept of each. */
function make() {
  const kept = new Map<string | null, string[]>();
  const uploads: { signal: AbortSignal; answer: () => void; refuse: () => void }[] = [];
  const drafts = new DraftAttachments(
    (draftOf, limitsNow) =>
      new Attachments({
        limits: limitsNow,
        shrink: (source) => Promise.resolve(source),
        upload: async ({ id, name }, _, signal) => {
          await new Promise<void>((resolve, reject) => {
            uploads.push({ signal, answer: resolve, refuse: () => reject(new Error('no way')) });
          });
          return { id, name, mime: 'image/png', width: 1, height: 1, createdAt: new Date(0) };
        },
        download: () => Promise.resolve(new Blob()),
        keep: (parts: FilePart[]) =>
          void kept.set(
            draftOf(),
            parts.map(({ name }) => name),
          ),
      }),
  );
  return { drafts, kept, uploads };
}

beforeEach(() => {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: vi.fn() }));
});

it('what is on its way when its conversation is left arrives, and is there when one comes back', async () => {
  const { drafts, kept, uploads } = make();
  const first = drafts.of('a', limits);
  const leave = first.show();
  first.attachments.add([file('one.png')]);
  await settled();
  leave();
  drafts.of('b', limits).show();
  expect(uploads[0]?.signal.aborted).toBe(false);
  uploads[0]?.answer();
  await settled();
  expect(kept.get('a')).toEqual(['one.png']);
  const again = drafts.of('a', limits);
  again.show();
  expect(again.attachments.items).toMatchObject([{ name: 'one.png', state: 'ready' }]);
});

it('what failed can be tried again when one comes back', async () => {
  const { drafts, uploads } = make();
  const first = drafts.of('a', limits);
  const leave = first.show();
  first.attachments.add([file('one.png')]);
  await settled();
  leave();
  uploads[0]?.refuse();
  await settled();
  const { attachments, show } = drafts.of('a', limits);
  show();
  const [item] = attachments.items;
  expect(item).toMatchObject({ name: 'one.png', state: 'failed' });
  attachments.retry(item?.id ?? '');
  await settled();
  uploads[1]?.answer();
  await settled();
  expect(attachments.items).toMatchObject([{ state: 'ready' }]);
});

it('goes with a conversation that gets its address, also while two places show it', async () => {
  const { drafts, kept, uploads } = make();
  const first = drafts.of(null, limits);
  const leave = first.show();
  first.attachments.add([file('one.png')]);
  await settled();
  drafts.move('a');
  const second = drafts.of('a', limits);
  second.show();
  leave();
  expect(second.attachments).toBe(first.attachments);
  uploads[0]?.answer();
  await settled();
  expect(kept.get('a')).toEqual(['one.png']);
  expect(drafts.of(null, limits).attachments).not.toBe(first.attachments);
});

it('holds nothing of a draft that is complete', () => {
  const { drafts } = make();
  const first = drafts.of('a', limits);
  first.show()();
  expect(drafts.of('a', limits).attachments).not.toBe(first.attachments);
});
