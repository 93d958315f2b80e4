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
  /** Finds tokens that make the answer whole from where the sequence is, and writes them. */
  | { type: 'complete'; id: number; turn: number }
  | { type: 'close'; id: number };

/** Most tokens of a completion. */
export const mostCompletion = 600;

/**
 * Integers that both threads see: the number of the last move or completion that was made (or `failed`); how many tokens
 * the completion has (-1: none was found) and which; and from `mask` on one bit a token, set when it may follow.
 */
export const sharedLayout = { turn: 0, count: 1, completion: 2, mask: 2 + mostCompletion } as const;

/** Written in the place of a turn when the library could not go on. */
export const failed = -1;

/** Integers that hold a bit for each of so many tokens. */
export function maskLength(vocabulary: number): number {
  return Math.ceil(vocabulary / 32);
}

export function isAllowed(mask: Int32Array, token: number): boolean {
  return ((mask[token >> 5] ?? 0) & (1 << (token & 31))) !== 0;
}
