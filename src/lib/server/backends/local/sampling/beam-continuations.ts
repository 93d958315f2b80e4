import { logSumExp } from './log-probabilities';
import type { TokenChooser } from './token-chooser';

/** A token after a beam, and the sum of the log-probabilities of the beam's tokens with it. */
export interface Continuation {
  parent: number;
  token: number;
  sum: number;
}

export interface BeamRow {
  logits: Float32Array;
  chooser: TokenChooser;
  /** Of the beam's log-probabilities. */
  sum: number;
}

interface Ranked extends Continuation {
  rank: number;
}

/**
 * The `count` continuations that a step of the search looks at, best first: the likeliest, or, with choosers that sample,
 * drawn without putting back, as often as their probabilities in the step say. The draw takes the highest sums of a
 * log-probability and a number of Gumbel's distribution, which amounts to the same (Kool et al. 2019, "Stochastic Beams
 * and Where to Find Them", section 2.3). Forbidden tokens are never among them.
 */
export function continuations(rows: readonly BeamRow[], count: number): Continuation[] {
  const all = rows.flatMap((row, parent) => continuationsOf(row, parent, count));
  return all
    .sort((a, b) => b.rank - a.rank)
    .slice(0, count)
    .sort((a, b) => b.sum - a.sum);
}

/** Those of one beam that may be among the `count` of all. */
function continuationsOf({ logits, chooser, sum }: BeamRow, parent: number, count: number): Ranked[] {
  const denominator = logSumExp(logits);
  for (let token = 0; token < logits.length; token += 1) logits[token] = (logits[token] ?? 0) - denominator;
  chooser.process(logits);
  const best: Ranked[] = [];
  chooser.eachCandidate(logits, count, (token, logprob) => {
    if (logprob === -Infinity) return;
    const rank = sum + logprob + (chooser.isGreedy ? 0 : gumbel(chooser.random()));
    if (best.length === count && rank <= (best.at(-1)?.rank ?? 0)) return;
    let at = best.length;
    while (at > 0 && (best[at - 1]?.rank ?? 0) < rank) at -= 1;
    best.splice(at, 0, { parent, token, sum: sum + logprob, rank });
    if (best.length > count) best.pop();
  });
  return best;
}

/** A number of the standard Gumbel distribution, of one that is even in [0, 1). */
function gumbel(even: number): number {
  return -Math.log(-Math.log(even || Number.MIN_VALUE));
}
