import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openLibc } from './libc';
import { readMaps, type MemoryMap, type Range } from './memory-maps';

/** `MADV_HUGEPAGE`, and `MADV_COLLAPSE` of Linux 6.1: without the second one the system gets there in its own time. */
const mayBeHuge = 14;
const isMadeHuge = 25;
const folder = '/sys/kernel/mm/transparent_hugepage';
/** A map with a hole would grow when it is filled. */
const leastResident = 0.95;

/**
 * Puts the memory that this process has filled, most of it the packed weights of a model, into huge pages: each step goes
 * through all of it, and finds few large pages faster than many small ones. It takes no more memory. Others get their turn
 * after each page. Linux only, and nothing where the operator of the machine has turned such pages off; the sizes and the
 * numbers are those of the kernel's `admin-guide/mm/transhuge` and of `madvise(2)`.
 */
export async function useHugePages(): Promise<void> {
  const libc = openLibc();
  const pageBytes = hugePageBytes();
  if (!libc || pageBytes === undefined) return;
  for (const { from, bytes } of filledRanges(readMaps(), pageBytes)) {
    libc.madvise(from, bytes, mayBeHuge);
    for (let at = 0; at < bytes; at += pageBytes) {
      libc.madvise(from + BigInt(at), pageBytes, isMadeHuge);
      await nextTurn();
    }
  }
}

/** The parts of whole pages of `pageBytes` in memory that is this process' own and filled. */
export function filledRanges(maps: readonly MemoryMap[], pageBytes: number): Range[] {
  const page = BigInt(pageBytes);
  return maps.flatMap(({ from, bytes, access, path, residentBytes, anonymousBytes }) => {
    const isOwn = access === 'rw-p' && (path === '' || path === '[heap]' || path.startsWith('[anon'));
    if (!isOwn || Math.min(residentBytes, anonymousBytes) < leastResident * bytes) return [];
    const first = ((from + page - 1n) / page) * page;
    const end = ((from + BigInt(bytes)) / page) * page;
    return end > first ? [{ from: first, bytes: Number(end - first) }] : [];
  });
}

/** Of this system; `undefined` where it has none, or none are wanted. */
function hugePageBytes(): number | undefined {
  try {
    if (readFileSync(`${folder}/enabled`, 'utf8').includes('[never]')) return undefined;
    return Number(readFileSync(`${folder}/hpage_pmd_size`, 'utf8'));
  } catch {
    return undefined;
  }
}
