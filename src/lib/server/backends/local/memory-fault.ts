/** How native code, V8 and the system say that an allocation failed. */
const allocationWords =
  /bad_alloc|out of memory|failed to allocate|allocation failed|cannot allocate|ENOMEM|Array buffer allocation/iu;

/** Whether this is what a program says whose memory ran out. */
export function tellsOfMemory(words: string): boolean {
  return allocationWords.test(words);
}

/** What to do then. */
export const memoryRemedy =
  'Lower LOCAL_SLOTS or LOCAL_CONTEXT, use a smaller model, or give the server more memory.';
