import { farthest, GuessRates, type Guess } from './guess-rates';
import { RepeatedRuns } from './repeated-runs';
import type { TokenWords } from './token-words';

/** A run that is found elsewhere must be so long to be followed through a change. */
const surest = 3;
/** After a change so many tokens before and after the expected place are looked at. */
const [before, after] = [1, 6];
/** So many tokens that were not expected end a trail. */
const mostMissed = 6;
/** Tokens of a word at most. */
const longestWord = 6;
/** Below this gain a draft is not worth its trouble. */
const leastGain = 1.05;

/** The part of the text that is being repeated. */
interface Trail {
  /** Where it would go on; after a change, the token that was not repeated. */
  place: number;
  run: number;
  /** Tokens of the answer since the change. */
  missed: number;
}

/**
 * Drafts by prompt lookup (Saxena, "Prompt Lookup Decoding", 2023; `prompt_lookup_num_tokens` of Transformers): what
 * followed the last few tokens when they were written before is likely to follow again. A text that is repeated with
 * changes leaves a trail: after a change it is found again near where it was left, and a word that begins like the one
 * in its place has taken that place. How long a draft is worth verifying depends on how often guesses came true, which
 * is observed at every token, drafted or not.
 */
export class PromptLookup {
  private readonly text: RepeatedRuns;
  private readonly rates = new GuessRates();
  private trail: Trail | undefined;

  /** `most`: tokens of a draft at most. */
  constructor(
    vocabulary: number,
    private readonly most: number,
    private readonly words: TokenWords,
  ) {
    this.text = new RepeatedRuns(vocabulary, farthest);
  }

  /** The text that the answer follows. */
  read(tokens: readonly number[]): void {
    for (const token of tokens) this.text.add(token);
  }

  /** The next token of the answer. */
  push(token: number): void {
    this.observe(token);
    this.text.add(token);
  }

  /**
   * What may follow, at most `room` tokens; often nothing. `rowCost` is what one more verified token costs, as a share
   * of a step.
   */
  draft(room: number, rowCost: number): number[] {
    const { tokens } = this.text;
    const first = this.surestOf(this.guesses());
    if (!first) return [];
    let [count, bestGain] = [0, leastGain];
    let [expected, chance] = [1, this.rates.rateOf(first)];
    const known = Math.min(this.most, room, tokens.length - first.place);
    for (let length = 1; length <= known; length += 1) {
      expected += chance;
      const gain = expected / (1 + length * rowCost);
      if (gain > bestGain) [count, bestGain] = [length, gain];
      chance *= this.rates.rateOf(this.onTrail(first.place + length, first.run + length));
    }
    return tokens.slice(first.place, first.place + count);
  }

  private surestOf(guesses: readonly Guess[]): Guess | undefined {
    let best: Guess | undefined;
    for (const guess of guesses)
      if (!best || this.rates.rateOf(guess) > this.rates.rateOf(best)) best = guess;
    return best;
  }

  /** All that speaks for some next token. */
  private guesses(): Guess[] {
    const { trail } = this;
    const guesses: Guess[] = [];
    if (trail?.missed === 0) guesses.push(this.onTrail(trail.place, trail.run));
    const repetition = this.text.longest();
    if (repetition && repetition.place !== guesses[0]?.place)
      guesses.push({ ...repetition, kind: 'elsewhere' });
    const found = trail && trail.missed > 0 ? (this.nearby(trail) ?? this.afterChange(trail)) : undefined;
    if (found) guesses.push(found);
    return guesses.filter(({ place }) => place < this.text.tokens.length);
  }

  private onTrail(place: number, run: number): Guess {
    return { place, run, kind: run > 1 && this.beginsLongWord(place) ? 'long-word' : 'trail' };
  }

  /** Where the last token stands near the place of a change; the longest run, then the nearest place. */
  private nearby({ place: left, missed }: Trail): Guess | undefined {
    const expected = left + missed;
    let best: Guess | undefined;
    for (let place = Math.max(1, left - before); place <= expected + after; place += 1) {
      const run = this.text.runBefore(place);
      const isNearer = Math.abs(place - expected) < Math.abs((best?.place ?? Infinity) - expected);
      const isLonger = run > (best?.run ?? 0);
      if (isLonger || (run > 0 && run === best?.run && isNearer)) best = this.onTrail(place, run);
    }
    return best;
  }

  /** The word after one that begins like the token that was written instead; such a change counts as repeated. */
  private afterChange({ place: left, missed }: Trail): Guess | undefined {
    const { tokens } = this.text;
    const [replaced, written] = [tokens[left], tokens.at(-1)];
    if (missed > 1 || replaced === undefined || written === undefined) return undefined;
    if (!this.words.beginAlike(replaced, written)) return undefined;
    let place = left + 1;
    while (place <= left + longestWord && this.continuesWord(place)) place += 1;
    return { place: place > left + longestWord ? left + 1 : place, run: 1, kind: 'changed-word' };
  }

  /** Words that are rare, or misspelt, have several tokens; they are changed more often than others. */
  private beginsLongWord(place: number): boolean {
    return !this.continuesWord(place) && this.continuesWord(place + 1);
  }

  private continuesWord(place: number): boolean {
    const token = this.text.tokens[place];
    return token !== undefined && this.words.continuesWord(token);
  }

  private observe(token: number): void {
    const guesses = this.guesses();
    const surestGuess = this.surestOf(guesses);
    const isRight = ({ place }: Guess) => this.text.tokens[place] === token;
    for (const guess of guesses) this.rates.observe(guess, isRight(guess));
    const right = surestGuess && isRight(surestGuess) ? surestGuess : guesses.find(isRight);
    if (right) this.trail = { place: right.place + 1, run: right.run + 1, missed: 0 };
    else this.miss(surestGuess);
  }

  /** Something else was written than was expected. */
  private miss(guess: Guess | undefined): void {
    const isFollowed = guess && (guess.kind !== 'elsewhere' || guess.run >= surest);
    if (isFollowed && (this.trail?.missed ?? 0) === 0)
      this.trail = { place: guess.place, run: guess.run, missed: 1 };
    else if (this.trail) this.trail = { ...this.trail, missed: this.trail.missed + 1 };
    if (this.trail && this.trail.missed > mostMissed) this.trail = undefined;
  }
}
