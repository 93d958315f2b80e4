import type { Bank, DecoderGraph } from './bank';

/** One cached sequence: what the model has read and written of a conversation. It keeps its row until another takes it. */
export interface Row {
  /** The tokens whose keys and values the bank holds, from its beginning. */
  tokens: number[];
  /** How many of them were read as parts of a prompt: these are the same bit for bit whenever they are read. */
  readLength: number;
  /** Whose they are; a beginning is never shared with another scope. `undefined`: nobody's. */
  scope: string | undefined;
  /** Whether an answer is being written here. */
  isBusy: boolean;
}

export interface TakeOptions {
  prompt: readonly number[];
  scope: string | undefined;
  /** Only what was read may be reused, not what was written: for an answer that must be the same each time. */
  onlyRead: boolean;
}

/**
 * A bank and what its rows hold. Turn N of a conversation finds its row again and reads only what is new; a branch
 * copies the common beginning; the least recently used row makes room.
 */
export class Lane {
  readonly bank: Bank;
  /** By place in the bank. */
  private readonly rows: Row[];
  /** Least recently used first. */
  private readonly byUse: Row[];

  constructor(graph: DecoderGraph, rows: number, capacity: number) {
    this.bank = graph.createBank(rows, capacity);
    this.rows = Array.from({ length: rows }, () => ({
      tokens: [],
      readLength: 0,
      scope: undefined,
      isBusy: false,
    }));
    this.byUse = [...this.rows];
  }

  get hasRoom(): boolean {
    return this.rows.some(({ isBusy }) => !isBusy);
  }

  placeOf(row: Row): number {
    return this.rows.indexOf(row);
  }

  /** Tokens at the start of a prompt that some row of its scope holds. */
  sharedWith(prompt: readonly number[], scope: string | undefined): number {
    const own = scope === undefined ? [] : this.rows.filter((row) => row.scope === scope);
    return Math.max(0, ...own.map(({ tokens }) => sharedLength(tokens, prompt)));
  }

  /**
   * A free row for a prompt, holding as much of its beginning as is known of the same scope. The last two tokens are
   * always left to read: the logits of the last one are what comes next, and a single token takes another path through
   * the graph, whose last digits differ. Call only while there is room.
   */
  take({ prompt, scope, onlyRead }: TakeOptions): Row {
    let best: Row | undefined;
    let shared = 0;
    for (const row of scope === undefined ? [] : this.byUse) {
      if (row.scope !== scope) continue;
      const known = onlyRead ? row.tokens.slice(0, row.readLength) : row.tokens;
      const length = Math.min(sharedLength(known, prompt), Math.max(0, prompt.length - 2));
      if (length > shared || (length === shared && length > 0 && !row.isBusy)) [best, shared] = [row, length];
    }
    const row = best && !best.isBusy && !this.isWorthKeeping(best, shared) ? best : this.leastUsed(best);
    if (best && best !== row) this.bank.copy(this.placeOf(row), this.bank, this.placeOf(best), 0, shared);
    row.tokens = prompt.slice(0, shared);
    row.readLength = Math.min(shared, best?.readLength ?? 0);
    row.scope = scope;
    row.isBusy = true;
    this.touch(row);
    return row;
  }

  /** An answer has ended here; what it read and wrote stays for the next turn. */
  giveBack(row: Row): void {
    row.isBusy = false;
    this.touch(row);
  }

  /**
   * Brings the given rows next to each other, in their order of place, and returns the first place. Only as many rows
   * are moved as lie outside.
   */
  gather(rows: readonly Row[]): number {
    const places = rows.map((row) => this.placeOf(row));
    const first = this.bestWindow(places);
    const isInside = (place: number) => place >= first && place < first + rows.length;
    const outside = places.filter((place) => !isInside(place));
    for (let place = first; place < first + rows.length; place += 1) {
      if (places.includes(place)) continue;
      const from = outside.pop();
      if (from !== undefined) this.swap(place, from);
    }
    return first;
  }

  release(): void {
    this.bank.release();
  }

  /** Of all windows the one that the fewest rows must be moved into. */
  private bestWindow(places: readonly number[]): number {
    let best = 0;
    let most = -1;
    for (let first = 0; first + places.length <= this.rows.length; first += 1) {
      const inside = places.filter((place) => place >= first && place < first + places.length).length;
      if (inside > most) [best, most] = [first, inside];
    }
    return best;
  }

  private swap(a: number, b: number): void {
    const [left, right] = [this.rows[a], this.rows[b]];
    if (!left || !right) return;
    this.bank.swap(a, b, left.tokens.length, right.tokens.length);
    [this.rows[a], this.rows[b]] = [right, left];
  }

  /** A longer sequence that shares only its first part is another branch: going back to it should be cheap, too. */
  private isWorthKeeping(row: Row, shared: number): boolean {
    return (
      row.tokens.length - shared > branchLength &&
      this.byUse.some((other) => other !== row && this.isUseless(other))
    );
  }

  /** One that holds nothing of use, or the least recently used; `source` only when there is no other. */
  private leastUsed(source: Row | undefined): Row {
    const free = this.byUse.filter((row) => !row.isBusy && row !== source);
    const row = free.find((other) => this.isUseless(other)) ?? free[0] ?? source;
    if (!row || row.isBusy) throw new Error('There is no free row.');
    return row;
  }

  private isUseless(row: Row): boolean {
    return !row.isBusy && (row.scope === undefined || row.tokens.length === 0);
  }

  private touch(row: Row): void {
    this.byUse.splice(this.byUse.indexOf(row), 1);
    this.byUse.push(row);
  }
}

/** So many tokens cost more to read again than a free row is worth. */
const branchLength = 64;

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}
