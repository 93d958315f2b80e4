/** A run of `*`, `_` or `~` that has opened emphasis. */
export interface Run {
  sign: string;
  /** How many of its signs are not closed yet. */
  count: number;
  /** How many it had. */
  length: number;
  /** Where it begins in what is shown. */
  position: number;
}

const space = /^$|\s/u;
const punctuation = /[\p{P}\p{S}]/u;

/** Takes a run of signs between the characters `before` and `after`: it closes runs of `runs`, or opens one. */
export function openRun(run: string, before: string, after: string, position: number, runs: Run[]): void {
  const sign = run.charAt(0);
  const isLeft =
    !space.test(after) && (!punctuation.test(after) || space.test(before) || punctuation.test(before));
  const isRight =
    !space.test(before) && (!punctuation.test(before) || space.test(after) || punctuation.test(after));
  let count = run.length;
  if (isRight && (sign !== '_' || !isLeft || punctuation.test(after))) count = close(sign, count, runs);
  if (count === 0 || !isLeft || !mayOpen(sign, run.length, before, after, isRight)) return;
  runs.push({ sign, count, length: run.length, position });
}

function mayOpen(sign: string, length: number, before: string, after: string, isRight: boolean): boolean {
  if (sign === '_') return !isRight || punctuation.test(before);
  if (sign === '~') return length === 2 || (length === 1 && space.test(before) && !/\d/u.test(after));
  // `2*3` and `2**3` are products and powers; in languages without spaces, emphasis begins inside a word.
  return !/\d/u.test(before) && !(length === 1 && /\w/u.test(before));
}

/** Closes up to `count` signs; returns how many are left over. */
function close(sign: string, count: number, runs: Run[]): number {
  let left = count;
  while (left > 0) {
    const index = runs.findLastIndex((run) => run.sign === sign);
    const run = runs[index];
    if (!run || (sign === '~' && run.length !== count)) return left;
    const closing = Math.min(run.count, left);
    run.count -= closing;
    left -= closing;
    runs.length = run.count === 0 ? index : index + 1;
  }
  return left;
}

/** What closes all that is open, the innermost first. */
export function closersOf(runs: readonly Run[]): string {
  return runs
    .map(({ sign, count }) => sign.repeat(count))
    .reverse()
    .join('');
}
