import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileInfo } from '../domain/files';
import { usualImages, type ImageLimits } from '../domain/model-summary';
import type { FilePart } from '../domain/parts';
import { ApiError } from './api';
import { Attachments } from './attachments.svelte';
import { UnusableImage } from './image-shrink';

const fault = (code: 'too-large' | 'backend-unreachable', wasAnswered: boolean) =>
  new ApiError({ code, message: 'At most so many bytes.', retryable: !wasAnswered }, wasAnswered);
const fileOf = (name: string) => new File(['bytes'], name, { type: 'image/png' });
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Attachments whose uploads a test decides. */
function make(limits: () => ImageLimits | undefined = () => usualImages) {
  const kept: FilePart[][] = [];
  const faults: Error[] = [];
  const uploads: { id: string; name: string; signal: AbortSignal; answer: () => void }[] = [];
  let isHeld = false;
  const attachments = new Attachments({
    limits,
    shrink: (source, { maxPixels }) => Promise.resolve(new Blob([source, String(maxPixels)])),
    upload: async ({ id, name }, onProgress, signal) => {
      onProgress(0.5);
      await new Promise<void>((resolve) => {
        uploads.push({ id, name, signal, answer: resolve });
        if (!isHeld) resolve();
      });
      const next = faults.shift();
      if (next) throw next;
      const size = limits()?.maxPixels ?? 2048;
      return {
        id,
        name,
        mime: 'image/png',
        width: size,
        height: 1,
        createdAt: new Date(0),
      } satisfies FileInfo;
    },
    download: () => Promise.resolve(new Blob(['kept'])),
    keep: (parts) => kept.push(parts),
  });
  return { attachments, kept, faults, uploads, hold: () => (isHeld = true) };
}

beforeEach(() => {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: vi.fn() }));
});

describe('attachments', () => {
  it('go from what was given to what a message has of it, and are kept for a reload', async () => {
    const { attachments, kept } = make();
    attachments.add([fileOf('a.png'), fileOf('')]);
    expect(attachments.items.map(({ name, state }) => [name, state])).toEqual([
      ['a.png', 'working'],
      ['image', 'working'],
    ]);
    await settled();
    expect(attachments.items.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(attachments.parts.map(({ name, mime, height }) => [name, mime, height])).toEqual([
      ['a.png', 'image/png', 1],
      ['image', 'image/png', 1],
    ]);
    expect(kept.at(-1)).toEqual(attachments.parts);
    const { parts } = attachments;
    expect(attachments.take()).toEqual(parts);
    expect(attachments.items).toEqual([]);
    expect(kept.at(-1)).toEqual([]);
  });

  it('are no more than a message has room for, and it says so', () => {
    const { attachments } = make();
    attachments.add(Array.from({ length: 9 }, (_, index) => fileOf(String(index))));
    expect(attachments.items).toHaveLength(8);
    expect(attachments.refusal).toContain('at most 8');
    attachments.remove(attachments.items[0]?.id ?? '');
    expect(attachments.refusal).toBeNull();
  });

  it.each([
    ['in its own words', new UnusableImage('Damaged.'), 'Damaged.'],
    ['in those of the server', fault('too-large', true), 'At most so many bytes.'],
    [
      'when nothing answers',
      fault('backend-unreachable', false),
      'It could not be sent to the server. Try again.',
    ],
  ])('say why they failed, %s, and are tried again', async (_, thrown, words) => {
    const { attachments, faults } = make();
    faults.push(thrown);
    attachments.add([fileOf('a.png')]);
    await settled();
    expect(attachments.items).toMatchObject([{ state: 'failed', error: words }]);
    expect(attachments.parts).toEqual([]);
    attachments.retry(attachments.items[0]?.id ?? '');
    await settled();
    expect(attachments.items).toMatchObject([{ state: 'ready' }]);
    expect(attachments.items[0]).not.toHaveProperty('error');
  });

  it('that are removed on their way do not come back', async () => {
    const { attachments, uploads, hold } = make();
    hold();
    attachments.add([fileOf('a.png')]);
    await settled();
    expect(attachments.items).toMatchObject([{ fraction: 0.5 }]);
    attachments.remove(attachments.items[0]?.id ?? '');
    expect(uploads[0]?.signal.aborted).toBe(true);
    uploads[0]?.answer();
    await settled();
    expect(attachments.items).toEqual([]);
  });

  it('are made anew for a model that takes less, from what was given or from what the server has', async () => {
    let limits: ImageLimits | undefined = usualImages;
    const { attachments, uploads } = make(() => limits);
    const part: FilePart = {
      type: 'file',
      fileId: 'f',
      name: 'old.png',
      mime: 'image/png',
      width: 900,
      height: 9,
    };
    attachments.restore([part]);
    attachments.add([fileOf('new.png')]);
    await settled();
    attachments.fit();
    expect(uploads).toHaveLength(1);
    limits = { ...usualImages, maxPixels: 64 };
    attachments.fit();
    expect(attachments.items.map(({ state }) => state)).toEqual(['working', 'working']);
    await settled();
    expect(attachments.parts.map(({ name, width }) => [name, width])).toEqual([
      ['old.png', 64],
      ['new.png', 64],
    ]);
    expect(new Set(uploads.map(({ id }) => id)).size).toBe(3);
  });

  it('that were on their way when a model was chosen that takes less are made anew', async () => {
    let limits = usualImages;
    const { attachments, uploads, hold } = make(() => limits);
    hold();
    attachments.add([fileOf('a.png')]);
    await settled();
    limits = { ...usualImages, maxBytes: 3 };
    attachments.fit();
    expect(uploads).toHaveLength(1);
    uploads[0]?.answer();
    await settled();
    expect(attachments.items).toMatchObject([{ state: 'working' }]);
    expect(uploads).toHaveLength(2);
    limits = usualImages;
    uploads[1]?.answer();
    await settled();
    expect(attachments.items).toMatchObject([{ state: 'ready' }]);
  });

  it('that are gone from the server say so', () => {
    const { attachments } = make();
    attachments.restore([{ type: 'file', fileId: 'f', name: 'old.png', mime: 'image/png' }]);
    attachments.lose(attachments.items[0]?.id ?? '');
    expect(attachments.items).toMatchObject([
      { state: 'failed', error: 'It is no longer kept. Attach it again.' },
    ]);
  });
});
