import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { viewMemory } from '../onnx-runtime';
import { filledRanges, useHugePages } from './huge-pages';
import { openLibc } from './libc';
import type { MemoryMap } from './memory-maps';

const page = 2 ** 21;
const map = (changes: Partial<MemoryMap>): MemoryMap => ({
  from: 0x7f0000000000n,
  bytes: 2 * page,
  access: 'rw-p',
  path: '',
  residentBytes: 2 * page,
  anonymousBytes: 2 * page,
  ...changes,
});

describe('ranges for huge pages', () => {
  it.each([
    ['all of a map that begins and ends with one', {}, [0x7f0000000000n, 2 * page]],
    ['the whole pages of another', { from: 0x7f0000001000n }, [0x7f0000200000n, page]],
    ['the heap', { path: '[heap]' }, [0x7f0000000000n, 2 * page]],
    ['memory that was given a name', { path: '[anon:weights]' }, [0x7f0000000000n, 2 * page]],
  ])('are %s', (_, changes, [from, bytes]) => {
    expect(filledRanges([map(changes)], page)).toEqual([{ from, bytes }]);
  });

  it.each([
    ['a stack', { path: '[stack]' }],
    ['a file', { path: '/models/weights' }],
    ['what others see, too', { access: 'rw-s' }],
    ['a program', { access: 'r-xp' }],
    ['what would grow', { residentBytes: 1.8 * page }],
    ['what is not written', { anonymousBytes: 0 }],
    ['less than a page', { bytes: page - 4096, residentBytes: page, anonymousBytes: page }],
    ['two halves', { from: 0x7f0000100000n, bytes: page, residentBytes: page, anonymousBytes: page }],
  ])('are not %s', (_, changes) => {
    expect(filledRanges([map(changes)], page)).toEqual([]);
  });
});

/** Where this system gives huge pages to those who ask. */
const isOnOffer = (() => {
  try {
    return !readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8').includes('[never]');
  } catch {
    return false;
  }
})();
/** `mmap`'s numbers: to read and write, of this process alone and of no file. */
const [readAndWrite, isPrivateAndAnonymous] = [3, 0x22];

it.runIf(isOnOffer)('asks for them for memory that is filled, and leaves in it what is there', async () => {
  const libc = openLibc();
  if (!libc) throw new Error('There is no C library.');
  const bytes = 4 * page;
  const from = libc.mmap(null, bytes, readAndWrite, isPrivateAndAnonymous, -1, 0);
  const words = new Uint32Array(viewMemory(from, bytes));
  for (const index of words.keys()) words[index] = index;
  await useHugePages();
  const flags = readFileSync('/proc/self/smaps', 'utf8')
    .split(/\n(?=[\da-f]+-[\da-f]+ )/u)
    .filter((one) => {
      const [start, end] = one.split(/[- ]/u, 2).map((text) => BigInt(`0x${text}`)) as [bigint, bigint];
      return start < from + BigInt(bytes) && end > from;
    })
    .map((one) => /^VmFlags: (.*)$/mu.exec(one)?.[1] ?? '');
  expect(flags.some((one) => /\bhg\b/u.test(one))).toBe(true);
  expect(words.every((word, index) => word === index)).toBe(true);
  libc.munmap(from, bytes);
});
