import type { Bank, DecoderGraph } from '../bank';

export interface ToyGraphOptions {
  vocabulary?: number;
  /** How many of the last tokens the next one depends on; absent: all of them. */
  memory?: number;
  longestVerify?: number;
  /** Throws to make a call fail. */
  onCall?: (tokens: readonly number[]) => void;
}

/**
 * A decoder in a few lines, for tests of what is around one: a row holds its tokens, and what follows is a number made of
 * them. Whatever reads the wrong row, or a row with a hole, gets other tokens than it should.
 */
export class ToyGraph implements DecoderGraph {
  readonly vocabulary: number;
  /** Tokens read by `read`, and the rows of each step. */
  readonly reads: number[][] = [];
  readonly steps: number[] = [];
  readonly verified: number[] = [];
  /** How many reads there had been whenever nobody read any more. */
  readonly readingEnds: number[] = [];
  /** Banks that were made and not released. */
  banks = 0;

  constructor(readonly options: ToyGraphOptions = {}) {
    this.vocabulary = options.vocabulary ?? 32;
  }

  createBank(rows: number, capacity: number): Bank {
    this.banks += 1;
    return new ToyBank(this, rows, capacity);
  }

  release(): void {
    this.banks = 0;
  }

  /** The likeliest token is a number made of the tokens before it; the others are behind it, each at its own distance. */
  logitsAfter(tokens: readonly number[]): Float32Array {
    const { memory = tokens.length } = this.options;
    let hash = 7;
    for (const token of tokens.slice(-memory)) hash = (Math.imul(hash, 31) + token + 1) >>> 0;
    const best = (hash ^ (hash >>> 9)) % this.vocabulary;
    return Float32Array.from(
      { length: this.vocabulary },
      (_, token) => -((token - best + this.vocabulary) % this.vocabulary) / 4,
    );
  }
}

class ToyBank implements Bank {
  readonly isBatched = true;
  readonly longestVerify: number;
  private readonly held: number[][];

  constructor(
    private readonly graph: ToyGraph,
    readonly rows: number,
    readonly capacity: number,
  ) {
    this.longestVerify = graph.options.longestVerify ?? 8;
    this.held = Array.from({ length: rows }, () => []);
  }

  read(row: number, tokens: readonly number[], position: number): Promise<Float32Array> {
    this.graph.reads.push([...tokens]);
    return this.inTurn(tokens, () => this.put(row, tokens, position));
  }

  step(first: number, tokens: readonly number[], positions: readonly number[]): Promise<Float32Array[]> {
    this.graph.steps.push(tokens.length);
    return this.inTurn(tokens, () =>
      tokens.map((token, index) => this.put(first + index, [token], positions[index] ?? -1)),
    );
  }

  verify(row: number, tokens: readonly number[], position: number): Promise<Float32Array[]> {
    this.graph.verified.push(tokens.length);
    return this.inTurn(tokens, () => tokens.map((token, index) => this.put(row, [token], position + index)));
  }

  endDrafting(): void {
    // Nothing is kept for drafts.
  }

  endReading(): void {
    this.graph.readingEnds.push(this.graph.reads.length);
  }

  copy(row: number, source: Bank, sourceRow: number, from: number, to: number): void {
    const given = source instanceof ToyBank ? source.held[sourceRow] : undefined;
    if (!given || given.length < to) throw new Error('A hole was copied.');
    this.held[row] = [...(this.held[row] ?? []).slice(0, from), ...given.slice(from, to)];
  }

  swap(a: number, b: number, lengthA: number, lengthB: number): void {
    const [left = [], right = []] = [this.held[a], this.held[b]];
    this.held[a] = right.slice(0, lengthB);
    this.held[b] = left.slice(0, lengthA);
  }

  release(): void {
    this.graph.banks -= 1;
  }

  private put(row: number, tokens: readonly number[], position: number): Float32Array {
    const held = this.held[row];
    if (!held || position < 0 || position > held.length) throw new Error(`Row ${String(row)} has a hole.`);
    if (position + tokens.length > this.capacity) throw new Error('The row is full.');
    const next = [...held.slice(0, position), ...tokens];
    this.held[row] = next;
    return this.graph.logitsAfter(next);
  }

  private inTurn<T>(tokens: readonly number[], work: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.graph.options.onCall?.(tokens);
      resolve(work());
    });
  }
}
