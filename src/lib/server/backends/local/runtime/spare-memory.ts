import { readFileSync, realpathSync } from 'node:fs';
import { openLibc } from './libc';

/** `MADV_DONTNEED`: pages of a file leave this process and come back when they are looked at. */
const isNotNeeded = 4;
const largeBytes = 2 ** 20;

/** A part of the memory of this process. */
export interface Range {
  from: bigint;
  bytes: number;
}

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
    this.ranges ??= this.mapped();
    for (const { from, bytes } of this.ranges) libc.madvise(from, bytes, isNotNeeded);
    // Small ones have been packed and are not looked at again; of the large ones rows are looked up.
    this.ranges = this.ranges.filter(({ bytes }) => bytes >= largeBytes);
  }

  private mapped(): Range[] {
    try {
      return unchangedMaps(readFileSync('/proc/self/smaps', 'utf8'), this.files.map(realPathOf));
    } catch {
      // A system that does not tell keeps its pages; answers do not depend on it.
      return [];
    }
  }
}

/** Where `files` are mapped and nothing was written to the memory, as `/proc/self/smaps` tells it. */
export function unchangedMaps(smaps: string, files: readonly string[]): Range[] {
  return smaps.split(/\n(?=[\da-f]+-[\da-f]+ )/u).flatMap((map) => {
    const [, from, to, path] = /^([\da-f]+)-([\da-f]+) \S+ \S+ \S+ \d+ +(.*)$/mu.exec(map) ?? [];
    if (!path || !files.includes(path) || !/^Anonymous: +0 kB$/mu.test(map)) return [];
    const start = BigInt(`0x${from ?? ''}`);
    return [{ from: start, bytes: Number(BigInt(`0x${to ?? ''}`) - start) }];
  });
}

/** The system names what a link leads to. */
function realPathOf(file: string): string {
  return realpathSync(file);
}
