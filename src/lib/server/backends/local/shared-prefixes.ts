import type { Bank, DecoderGraph } from './bank';
import type { Lane, Row } from './lane';

/** Beginnings that are kept, and the shortest that is worth it, in tokens. */
const kept = 4;
const shortest = 16;

/** Keys and values of what the operator put before every conversation: read once, and the only thing that owners share. */
export class SharedPrefixes {
  /** Latest used last. */
  private readonly entries: { tokens: readonly number[]; bank: Bank }[] = [];

  constructor(private readonly graph: DecoderGraph) {}

  /** Puts what is known of `prefix` into a row that holds less than that of it. */
  fill(prefix: readonly number[], lane: Lane, row: Row): void {
    const entry = this.entries.find(({ tokens }) => isSame(tokens, prefix));
    if (!entry || row.tokens.length >= prefix.length) return;
    lane.bank.copy(lane.placeOf(row), entry.bank, 0, row.tokens.length, prefix.length);
    row.tokens = [...prefix];
    row.readLength = prefix.length;
    this.entries.splice(this.entries.indexOf(entry), 1);
    this.entries.push(entry);
  }

  /** Keeps the beginning of a row that has read `prefix`. */
  keep(prefix: readonly number[], lane: Lane, row: Row): void {
    if (prefix.length < shortest || this.entries.some(({ tokens }) => isSame(tokens, prefix))) return;
    if (this.entries.length >= kept) this.entries.shift()?.bank.release();
    const bank = this.graph.createBank(1, Math.ceil(prefix.length / 16) * 16);
    bank.copy(0, lane.bank, lane.placeOf(row), 0, prefix.length);
    this.entries.push({ tokens: [...prefix], bank });
  }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((token, index) => token === b[index]);
}
