import { koffi, type Pointer } from '../onnx-runtime';

/** What is used of the C library. */
export interface Libc {
  /** Held: koffi unloads a library whose handle is forgotten. */
  library: unknown;
  pageBytes: number;
  memfd_create(name: string, flags: number): number;
  ftruncate(file: number, bytes: number): number;
  mmap(
    at: Pointer | null,
    bytes: number,
    access: number,
    flags: number,
    file: number,
    offset: number,
  ): Pointer;
  munmap(at: Pointer, bytes: number): number;
  close(file: number): number;
  madvise(at: Pointer, bytes: number, advice: number): number;
  malloc_trim(kept: number): number;
}

let known: Libc | undefined;
let isKnown = false;

/** The C library of Linux; `undefined` on other systems, and where it lacks a function. */
export function openLibc(): Libc | undefined {
  if (isKnown) return known;
  isKnown = true;
  if (process.platform !== 'linux') return undefined;
  try {
    const library = koffi().load('libc.so.6');
    const pageSize = library.func('long sysconf(int name)') as (name: number) => number;
    const sysconfPageSize = 30;
    known = {
      library,
      pageBytes: Number(pageSize(sysconfPageSize)),
      memfd_create: library.func('int memfd_create(const char *name, unsigned int flags)'),
      ftruncate: library.func('int ftruncate(int file, int64_t bytes)'),
      mmap: library.func(
        'void *mmap(void *at, size_t bytes, int access, int flags, int file, int64_t offset)',
      ),
      munmap: library.func('int munmap(void *at, size_t bytes)'),
      close: library.func('int close(int file)'),
      madvise: library.func('int madvise(void *at, size_t bytes, int advice)'),
      malloc_trim: library.func('int malloc_trim(size_t kept)'),
    };
  } catch {
    // Without it there are no mirrors, drafts are not verified, and less memory is given back: slower, but right.
  }
  return known;
}
