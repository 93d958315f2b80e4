import type { GrammarSource } from './grammar-source';

/** What a grammar's thread is started with. */
export interface GrammarTask {
  source: GrammarSource;
  /** The bytes of every token, in their order; of control tokens, which no grammar allows, there are none. */
  pieces: Uint8Array[];
  eosTokenIds: readonly number[];
}

/** What the thread says once it has read the grammar. */
export type GrammarReport = { type: 'ready' } | { type: 'refused'; reason: string };

/** What the thread is told. */
export type GrammarCommand =
  /** A new sequence begins; `shared` is where its masks go (see `sharedLayout`). */
  | { type: 'open'; id: number; shared: SharedArrayBuffer }
  /** Takes back the last `back` tokens of the sequence, accepts others, and writes the mask of what may follow. */
  | { type: 'move'; id: number; back: number; tokens: readonly number[]; turn: number }
  | { type: 'close'; id: number };

/**
 * Integers that both threads see: the number of the last move that was made (or `failed`), whether the sequence can go
 * on, and from `mask` on one bit a token, set when it may follow.
 */
export const sharedLayout = { turn: 0, mask: 1 } as const;

/** Written in the place of a turn when the library could not make a move. */
export const failed = -1;

/** Integers that hold a bit for each of so many tokens. */
export function maskLength(vocabulary: number): number {
  return Math.ceil(vocabulary / 32);
}
