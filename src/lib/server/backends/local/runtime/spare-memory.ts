import { realpathSync } from 'node:fs';
import { openLibc } from './libc';
import { readMaps, type MemoryMap, type Range } from './memory-maps';

/** `MADV_DONTNEED`: pages of a file leave this process and come back when they are looked at. */
const isNotNeeded = 4;
const largeBytes = 2 ** 20;

/** What this process holds and does not use, to be given back to the system. Linux only. */
export class SpareMemory {
  private ranges: Range[] | undefined;

  /** `files`: those that ONNX Runtime maps. It reads most of them once, to pack the weights, and keeps the maps. */
  constructor(private readonly files: readonly string[]) {}

  /** Call first when all files are mapped: later they are taken to lie where they lay then. */
  giveBack(): void {
    const libc = openLibc();
    if (!libc) return;
    libc.malloc_trim(0);
    this.ranges ??= unchangedMaps(readMaps(), this.files);
    for (const { from, bytes } of this.ranges) libc.madvise(from, bytes, isNotNeeded);
    // Small ones have been packed and are not looked at again; of the large ones rows are looked up.
    this.ranges = this.ranges.filter(({ bytes }) => bytes >= largeBytes);
  }
}

/** Where `files` are mapped and nothing was written to the memory. */
export function unchangedMaps(maps: readonly MemoryMap[], files: readonly string[]): Range[] {
  const paths = files.flatMap(realPathOf);
  return maps.filter(({ path, anonymousBytes }) => paths.includes(path) && anonymousBytes === 0);
}

/** The system names what a link leads to; of a file that is gone it says so. */
function realPathOf(file: string): string[] {
  try {
    return [realpathSync(file)];
  } catch {
    return [];
  }
}
