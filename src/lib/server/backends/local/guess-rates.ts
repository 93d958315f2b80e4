/** Runs of tokens are told apart up to this length. */
export const farthest = 8;

/**
 * Why a token is expected: it goes on with what is being repeated, begins a word of several tokens there, follows a
 * word that was changed, or followed the same tokens elsewhere.
 */
export type GuessKind = 'trail' | 'long-word' | 'changed-word' | 'elsewhere';

export interface Guess {
  /** Of the expected token. */
  place: number;
  /** Tokens that have been repeated up to there. */
  run: number;
  kind: GuessKind;
}

/**
 * The share of guesses that come true, by the length of the run, before anything is known of an answer. Measured on 15
 * texts, programs and lists that are repeated with changes, and on five answers that repeat nothing; a run does not count
 * for less than a shorter one. Of two tokens found elsewhere it is the share in answers that repeat nothing, since those are
 * most answers.
 */
const firstRates: Record<GuessKind, readonly number[]> = {
  trail: [0, 0.4, 0.72, 0.72, 0.75, 0.82, 0.84, 0.84, 0.96],
  'long-word': [0.85],
  'changed-word': [0.82],
  elsewhere: [0, 0, 0.35, 0.6],
};
/** A first assumption counts as so many observations. */
const firstCount = 3;
/** What is left of an older observation with each new one. */
const decay = 0.94;

/** How often guesses come true, observed while an answer is written. */
export class GuessRates {
  private readonly seen = new Map<string, { right: number; all: number }>();

  rateOf(guess: Guess): number {
    const { rates, index, key } = placeIn(guess);
    const { right, all } = this.seen.get(key) ?? { right: 0, all: 0 };
    return (right + firstCount * (rates[index] ?? 0)) / (all + firstCount);
  }

  observe(guess: Guess, isRight: boolean): void {
    const { key } = placeIn(guess);
    const { right, all } = this.seen.get(key) ?? { right: 0, all: 0 };
    this.seen.set(key, { right: decay * right + (isRight ? 1 : 0), all: decay * all + 1 });
  }
}

function placeIn({ kind, run }: Guess) {
  const rates = firstRates[kind];
  const index = Math.min(run, rates.length - 1);
  return { rates, index, key: `${kind} ${String(index)}` };
}
