import { AppError } from '../../../../domain/errors';
import { continuations, type BeamRow } from './beam-continuations';
import type { TokenChooser } from './token-chooser';

export interface BeamSearchOptions {
  numBeams: number;
  /** `length_penalty`: the sum of log-probabilities is divided by the number of tokens to this power. */
  lengthPenalty: number;
  /** `early_stopping`: ends as soon as there are `numBeams` finished texts, though a better one may yet come. */
  earlyStopping: boolean;
  /** `num_return_sequences`: how many of the best texts are wanted, at most `numBeams`. */
  count: number;
  eosTokenIds: readonly number[];
  maxNewTokens: number;
  /** Whether an answer of these tokens is finished for another reason than its last token, such as a stop string. */
  isStopped?: (tokens: readonly number[]) => boolean;
}

/** A token for the graph to read, after what the beam `parent` of the step before holds. */
export interface BeamStep {
  parent: number;
  token: number;
}

export interface Hypothesis {
  /** With the token that ended it, if one did. */
  tokens: readonly number[];
  /** Sum of the log-probabilities of its tokens, divided by its length to the power of the length penalty. */
  score: number;
  reason: 'stop' | 'length';
}

interface Beam {
  tokens: readonly number[];
  /** Sum of log-probabilities. */
  sum: number;
}

/**
 * Beam search, and beam sampling with choosers that sample, as Hugging Face's `generate` defines them (`_beam_search`):
 * each step looks at the best `max(2, 1 + number of end tokens) * numBeams` continuations of all beams together; of
 * these, the best `numBeams` that do not end go on, and those among the first `numBeams` that end become finished texts,
 * of which the best `numBeams` by score are kept. Processors change log-probabilities, not logits, as there.
 */
export class BeamSearch {
  private beams: Beam[] = [{ tokens: [], sum: 0 }];
  private finished: Hypothesis[] = [];

  /** Throws `invalid-input` where more texts are wanted than there are beams. */
  constructor(private readonly options: BeamSearchOptions) {
    const { count, numBeams } = options;
    if (count <= numBeams) return;
    throw new AppError(
      'invalid-input',
      `${String(count)} answers need at least ${String(count)} beams, not ${String(numBeams)}.`,
    );
  }

  /** The first step: all beams begin at the end of the prompt. Changes the logits. */
  first(logits: Float32Array, chooser: TokenChooser): readonly BeamStep[] | undefined {
    return this.advance([logits], [chooser]);
  }

  /**
   * Takes the logits that follow each beam, and the chooser that has followed it (it is not changed; the caller forks it
   * for each beam that goes on and lets the copy accept its token). Answers with the beams that go on, best first, at most
   * `numBeams`; `undefined` when the search is over. Changes the logits.
   */
  advance(
    logits: readonly Float32Array[],
    choosers: readonly TokenChooser[],
  ): readonly BeamStep[] | undefined {
    const { numBeams, eosTokenIds } = this.options;
    const wanted = Math.max(2, 1 + eosTokenIds.length) * numBeams;
    const best = continuations(this.rows(logits, choosers), wanted);
    const steps: BeamStep[] = [];
    const beams: Beam[] = [];
    const ended: Hypothesis[] = [];
    for (const [rank, { parent, token, sum }] of best.entries()) {
      const tokens = [...(this.beams[parent]?.tokens ?? []), token];
      const reason = this.endOf(tokens);
      if (reason !== undefined) {
        if (rank < numBeams) ended.push({ tokens, score: this.score(sum, tokens.length), reason });
      } else if (beams.length < numBeams) {
        beams.push({ tokens, sum });
        steps.push({ parent, token });
      }
    }
    this.beams = beams;
    this.finish(ended);
    return this.isOver() ? undefined : steps;
  }

  private rows(logits: readonly Float32Array[], choosers: readonly TokenChooser[]): BeamRow[] {
    return this.beams.map(({ sum }, index) => {
      const [row, chooser] = [logits[index], choosers[index]];
      if (row && chooser) return { logits: row, chooser, sum };
      throw new Error(`Beam ${String(index)} has no logits or no chooser.`);
    });
  }

  /** The best finished texts, best first, as many as were asked for; where fewer are finished, the best beams besides. */
  results(): readonly Hypothesis[] {
    const { count } = this.options;
    const open = this.beams.map(({ tokens, sum }): Hypothesis => {
      return { tokens, score: this.score(sum, tokens.length), reason: 'length' };
    });
    return [...this.finished, ...open].slice(0, count);
  }

  private endOf(tokens: readonly number[]): Hypothesis['reason'] | undefined {
    const { eosTokenIds, isStopped, maxNewTokens } = this.options;
    const last = tokens.at(-1);
    if ((last !== undefined && eosTokenIds.includes(last)) || isStopped?.(tokens)) return 'stop';
    return tokens.length >= maxNewTokens ? 'length' : undefined;
  }

  private finish(ended: readonly Hypothesis[]): void {
    this.finished = [...this.finished, ...ended]
      .sort((a, b) => b.score - a.score)
      .slice(0, this.options.numBeams);
  }

  private score(sum: number, length: number): number {
    return sum / Math.max(1, length) ** this.options.lengthPenalty;
  }

  /**
   * Whether nothing can go on, or nothing is taken to be able to improve what is finished. Without `earlyStopping` the best
   * beam is compared as if it ended where it is, Hugging Face's rule for `early_stopping: false`.
   */
  private isOver(): boolean {
    const { numBeams, earlyStopping } = this.options;
    const [best] = this.beams;
    const worst = this.finished[numBeams - 1];
    if (!best) return true;
    if (!worst) return false;
    return earlyStopping || this.score(best.sum, best.tokens.length) <= worst.score;
  }
}
