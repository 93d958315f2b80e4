import type { Bank } from '../bank';
import { cutSequence, type CachedSequence } from './cached-sequence';
import type { GrowingRun } from './growing-run';

interface Row {
  sequence: CachedSequence | undefined;
  /** How much of the sequence is the row's: the rest may be another conversation's. */
  length: number;
}

/**
 * A bank whose rows hold the tensors that the graph gave last. They never change, so a copy is a second look at the same
 * ones. Nothing is allocated ahead: the capacity is a limit only. A step goes row by row.
 */
export class GrowingBank implements Bank {
  readonly isBatched = false;
  readonly longestVerify = 1;
  private readonly held: Row[];
  private isReleased = false;

  constructor(
    private readonly graph: GrowingRun,
    readonly rows: number,
    readonly capacity: number,
  ) {
    this.held = Array.from({ length: rows }, () => ({ sequence: undefined, length: 0 }));
  }

  read(row: number, tokens: readonly number[], position: number): Promise<Float32Array> {
    return this.readAt(row, tokens, position, 0);
  }

  async step(
    first: number,
    tokens: readonly number[],
    positions: readonly number[],
  ): Promise<Float32Array[]> {
    const logits: Float32Array[] = [];
    for (const [index, token] of tokens.entries())
      logits.push(await this.readAt(first + index, [token], positions[index] ?? 0, index));
    return logits;
  }

  /** Step by step: a run of several tokens does other sums than as many steps. */
  async verify(row: number, tokens: readonly number[], position: number): Promise<Float32Array[]> {
    const logits: Float32Array[] = [];
    for (const [index, token] of tokens.entries())
      logits.push(await this.readAt(row, [token], position + index, index));
    return logits;
  }

  endDrafting(): void {
    // There is nothing that only drafts need.
  }

  endReading(): void {
    // Every step of such a graph takes as much as reading did.
  }

  /**
   * The row then holds the first `to` positions of the source. Those before `from`, which the caller says the row has
   * already, are the source's too: keys and values stand for a token and all that came before it.
   */
  copy(row: number, source: Bank, sourceRow: number, from: number, to: number): void {
    if (!(source instanceof GrowingBank) || source.graph !== this.graph)
      throw new Error('Rows are copied only between banks of one graph.');
    const target = this.rowAt(row);
    const given = source.rowAt(sourceRow);
    if (given.length < to)
      throw new RangeError(`Row ${String(sourceRow)} holds less than ${String(to)} positions.`);
    if (from < to) put(target, given.sequence?.share(), to);
  }

  swap(a: number, b: number): void {
    const [left, right] = [this.rowAt(a), this.rowAt(b)];
    this.held[a] = right;
    this.held[b] = left;
  }

  /** What is being read meanwhile is given back when it is done. */
  release(): void {
    this.isReleased = true;
    for (const row of this.held) put(row, undefined, 0);
  }

  private async readAt(
    row: number,
    tokens: readonly number[],
    position: number,
    at: number,
  ): Promise<Float32Array> {
    const target = this.rowAt(row);
    if (tokens.length === 0) throw new RangeError('There is nothing to read.');
    if (position + tokens.length > this.capacity)
      throw new RangeError(`A row holds at most ${String(this.capacity)} positions.`);
    if (position > target.length)
      throw new RangeError(`Row ${String(row)} holds less than ${String(position)} positions.`);
    let done = 0;
    for (; tokens.length - done > this.graph.pieceSize; done += this.graph.pieceSize)
      await this.readPiece(target, tokens.slice(done, done + this.graph.pieceSize), position + done, at);
    return this.readPiece(target, tokens.slice(done), position + done, at);
  }

  private async readPiece(
    row: Row,
    tokens: readonly number[],
    position: number,
    at: number,
  ): Promise<Float32Array> {
    const past = this.pastOf(row, position);
    try {
      const { sequence, logits } = await this.graph.run(past, tokens);
      put(row, sequence, sequence.length);
      if (this.isReleased) put(row, undefined, 0);
      try {
        return this.graph.copyLogits(logits, at);
      } finally {
        logits.release();
      }
    } finally {
      past.leave();
    }
  }

  /** The first `position` positions of a row; the caller leaves them when they are read. */
  private pastOf({ sequence }: Row, position: number): CachedSequence {
    if (position === 0 || !sequence) return this.graph.empty.share();
    if (sequence.length === position) return sequence.share();
    const { runner, decoder } = this.graph;
    return cutSequence(runner, decoder.caches, sequence, position);
  }

  private rowAt(index: number): Row {
    const row = this.held[index];
    if (!row || this.isReleased) throw new RangeError(`There is no row ${String(index)}.`);
    return row;
  }
}

/** The old sequence is left last, since it may be the new one. */
function put(row: Row, sequence: CachedSequence | undefined, length: number): void {
  const old = row.sequence;
  row.sequence = sequence;
  row.length = length;
  old?.leave();
}
