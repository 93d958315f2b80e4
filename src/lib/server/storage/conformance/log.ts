import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { beginRun, deltaEntries, endEntry, makeFinish, msLater } from '../fixtures';
import { withStorage, type OpenStorage } from './with-storage';

export function describeLog(open: OpenStorage): void {
  describeBatches(open);
  describeExpiry(open);
  const use = withStorage(open);

  describe('the log', () => {
    it('pages by number, also from within a batch', () =>
      use(async (storage) => {
        const { generations } = storage;
        const { generationId } = await beginRun(storage, 'ann');
        const all = [...deltaEntries(1, 'a', 'b', 'c', 'd', 'e', 'f'), endEntry(7)];
        for (const [from, to] of [
          [0, 1],
          [1, 4],
          [4, 7],
        ]) {
          const batch = { generationId, entries: all.slice(from, to) };
          expect(await generations.append([batch])).toEqual(['stored']);
        }
        for (let after = 0; after <= 8; after += 1) {
          for (const limit of [1, 2, 3, 100]) {
            expect(await generations.entries('ann', generationId, after, limit)).toEqual(
              all.slice(after, after + limit),
            );
          }
        }
      }));

    it('takes the next number only', () =>
      use(async (storage) => {
        const { generations } = storage;
        const { generationId } = await beginRun(storage, 'ann');
        const append = (first: number, ...texts: string[]) =>
          generations.append([{ generationId, entries: deltaEntries(first, ...texts) }]);
        expect(await append(2, 'too far')).toEqual(['collided']);
        expect(await append(1, 'a', 'b')).toEqual(['stored']);
        for (const first of [0, 1, 2, 4]) expect(await append(first, 'x')).toEqual(['collided']);
        expect(await append(3, 'c')).toEqual(['stored']);
        expect(await generations.entries('ann', generationId, 0, 9)).toEqual(deltaEntries(1, 'a', 'b', 'c'));
      }));
  });
}

function describeBatches(open: OpenStorage): void {
  const use = withStorage(open);

  describe('batches of the log', () => {
    it('tells the outcome of each batch; a collision fails no other', () =>
      use(async (storage) => {
        const { generations } = storage;
        const one = await beginRun(storage, 'ann');
        const two = await beginRun(storage, 'bob');
        expect(
          await generations.append([
            { generationId: one.generationId, entries: deltaEntries(1, 'a') },
            { generationId: two.generationId, entries: deltaEntries(5, 'x') },
            { generationId: randomUUID(), entries: deltaEntries(1, 'x') },
            { generationId: two.generationId, entries: deltaEntries(1, 'b') },
            { generationId: one.generationId, entries: deltaEntries(2, 'c') },
          ]),
        ).toEqual(['stored', 'collided', 'collided', 'stored', 'stored']);
        expect(await generations.entries('ann', one.generationId, 0, 9)).toEqual(deltaEntries(1, 'a', 'c'));
        expect(await generations.entries('bob', two.generationId, 0, 9)).toEqual(deltaEntries(1, 'b'));
        expect(await generations.append([])).toEqual([]);
      }));

    it('refuses a batch with a gap and stores nothing of the call', () =>
      use(async (storage) => {
        const { generations } = storage;
        const { generationId } = await beginRun(storage, 'ann');
        const good = { generationId, entries: deltaEntries(1, 'a') };
        const gap = { generationId, entries: [...deltaEntries(2, 'b'), ...deltaEntries(4, 'd')] };
        const [refused, other] = await Promise.allSettled([
          generations.append([good, gap]),
          storage.processes.beat('one'),
        ]);
        expect(refused).toMatchObject({ reason: { code: 'internal' } });
        expect(other.status).toBe('fulfilled');
        expect(await generations.entries('ann', generationId, 0, 9)).toEqual([]);
        expect(await generations.append([good])).toEqual(['stored']);
      }));
  });
}

function describeExpiry(open: OpenStorage): void {
  const use = withStorage(open);

  describe('expiry of the log', () => {
    it('expires with its run, oldest end first; the fence stays', () =>
      use(async (storage) => {
        const { generations } = storage;
        const [first, second, living] = [
          await beginRun(storage, 'ann'),
          await beginRun(storage, 'ann'),
          await beginRun(storage, 'ann'),
        ];
        for (const { generationId } of [first, second, living]) {
          await generations.append([{ generationId, entries: [...deltaEntries(1, 'a'), endEntry(2)] }]);
        }
        await generations.finish([{ ...makeFinish(second, 'a'), endedAt: msLater(2) }]);
        await generations.finish([{ ...makeFinish(first, 'a'), endedAt: msLater(1) }]);
        const counts = async () => {
          const ids = [first, second, living].map(({ generationId }) => generationId);
          const logs = await Promise.all(ids.map((id) => generations.entries('ann', id, 0, 9)));
          return logs.map(({ length }) => length);
        };
        expect(await generations.expireEntries(msLater(1), 9)).toBe(0);
        expect(await generations.expireEntries(msLater(9), 1)).toBe(1);
        expect(await counts()).toEqual([0, 2, 2]);
        expect(await generations.expireEntries(msLater(9), 9)).toBe(1);
        expect(await generations.expireEntries(msLater(9), 9)).toBe(0);
        expect(await counts()).toEqual([0, 0, 2]);
        const late = { generationId: first.generationId, entries: deltaEntries(1, 'late') };
        expect(await generations.append([late])).toEqual(['collided']);
        expect(await generations.messages('ann', first.generationId)).toHaveLength(1);
      }));
  });
}
