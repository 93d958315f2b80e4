import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { viewMemory } from '../onnx-runtime';
import { openLibc } from './libc';
import { readMaps, type MemoryMap } from './memory-maps';
import { SpareMemory, unchangedMaps } from './spare-memory';

const folder = mkdtempSync(join(tmpdir(), 'spare-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mapOf = (from: bigint, path: string, anonymousBytes: number): MemoryMap => ({
  ...{ from, bytes: 0x4000, access: 'rw-p', path },
  residentBytes: 0x4000,
  anonymousBytes,
});

describe('maps of files', () => {
  it('are those of the given files to which nothing was written', () => {
    const [weights, other] = [join(folder, 'a b'), join(folder, 'other')];
    for (const path of [weights, other]) writeFileSync(path, '');
    const maps = [
      mapOf(0x1000n, weights, 0),
      mapOf(0x5000n, weights, 4096),
      mapOf(0x9000n, `${weights}.old`, 0),
      mapOf(0xd000n, '', 0),
      mapOf(0x11000n, other, 0),
    ];
    expect(unchangedMaps(maps, [weights])).toEqual([maps[0]]);
    expect(unchangedMaps(maps, [other])).toEqual([maps[4]]);
    expect(unchangedMaps(maps, [])).toEqual([]);
    expect(unchangedMaps([], [other])).toEqual([]);
  });
});

/** `mmap`'s numbers: to read and write, and what is written stays in this process. */
const [readAndWrite, isPrivate] = [3, 2];

describe.runIf(process.platform === 'linux')('spare memory', () => {
  const [small, large] = [8192, 2 ** 21];
  const map = (path: string, bytes: number) => {
    const libc = openLibc();
    if (!libc) throw new Error('There is no C library.');
    const file = openSync(path, 'r');
    const from = libc.mmap(null, bytes, readAndWrite, isPrivate, file, 0);
    closeSync(file);
    return { from, view: new Uint8Array(viewMemory(from, bytes)), unmap: () => libc.munmap(from, bytes) };
  };
  const residentKb = (path: string) =>
    readMaps()
      .filter((one) => one.path === path)
      .reduce((sum, { residentBytes }) => sum + residentBytes / 1024, 0);
  const write = (name: string, bytes: number) => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.alloc(bytes, 7));
    return path;
  };

  it('is given back, and what was there is read again', () => {
    const path = write('weights', large);
    symlinkSync(path, join(folder, 'link'));
    const { view, unmap } = map(path, large);
    const spare = new SpareMemory([join(folder, 'link')]);
    for (let round = 0; round < 2; round += 1) {
      expect(view.reduce((sum, byte) => sum + byte, 0)).toBe(7 * large);
      expect(residentKb(path)).toBe(large / 1024);
      spare.giveBack();
      expect(residentKb(path)).toBe(0);
    }
    unmap();
  });

  it('keeps what was written to a map', () => {
    const path = write('changed', small);
    const { view, unmap } = map(path, small);
    view[0] = 9;
    new SpareMemory([path]).giveBack();
    expect(view[0]).toBe(9);
    unmap();
  });

  it('is no fault where a file is gone', () => {
    expect(() => new SpareMemory([join(folder, 'nothing')]).giveBack()).not.toThrow();
  });
});
