import { readFileSync } from 'node:fs';

/** A part of the memory of this process. */
export interface Range {
  from: bigint;
  bytes: number;
}

/** One entry of `/proc/self/smaps`. */
export interface MemoryMap extends Range {
  /** `rw-p` and the like. */
  access: string;
  /** Of the file that it shows; a name in brackets, or nothing, for other memory. */
  path: string;
  residentBytes: number;
  /** Of them, those that are no file's any more. */
  anonymousBytes: number;
}

/** The memory of this process, map by map; none on a system that does not tell. */
export function readMaps(): MemoryMap[] {
  try {
    return parseMaps(readFileSync('/proc/self/smaps', 'utf8'));
  } catch {
    // What asks can only give something back, or be faster; answers do not depend on it.
    return [];
  }
}

/** What `/proc/self/smaps` says, in kB there. A map of which it does not say everything is left out: nobody may act on it. */
export function parseMaps(smaps: string): MemoryMap[] {
  return smaps.split(/\n(?=[\da-f]+-[\da-f]+ )/u).flatMap((map) => {
    const [, from, to, access = '', path = ''] =
      /^([\da-f]+)-([\da-f]+) (\S+) \S+ \S+ \S+ *(.*)$/mu.exec(map) ?? [];
    const [residentBytes, anonymousBytes] = ['Rss', 'Anonymous'].map(
      (field) => 1024 * Number(new RegExp(`^${field}: +(\\d+) kB$`, 'mu').exec(map)?.[1]),
    ) as [number, number];
    if (from === undefined || to === undefined || Number.isNaN(residentBytes + anonymousBytes)) return [];
    const start = BigInt(`0x${from}`);
    const bytes = Number(BigInt(`0x${to}`) - start);
    return [{ from: start, bytes, access, path, residentBytes, anonymousBytes }];
  });
}
