/** Longest and shortest run of tokens that is looked up. */
const longest = 3;
const shortest = 2;
/** A run that is found is followed back so far: the longer it is, the surer is what comes next. */
const farthest = 8;
/** So many tokens around the expected place are looked at after a change. */
const nearby = 6;
/** How often a guess came true after runs of two tokens and after long ones, as a first assumption. */
const [firstRate, lastRate] = [0.4, 0.85];
/** How much the newest observation counts. */
const weight = 0.12;
/** Below this gain a draft is not worth its trouble. */
const leastGain = 1.1;

/**
 * Drafts by prompt lookup (Saxena, "Prompt Lookup Decoding", 2023; `prompt_lookup_num_tokens` of Transformers): what
 * followed the last few tokens when they were written before is likely to follow again. How long a draft is worth
 * verifying depends on how often drafts came true lately, which is observed at every token, drafted or not.
 */
export class PromptLookup {
  private readonly tokens: number[] = [];
  /** Of each length: the place after the latest occurrence of a run of tokens that something followed. */
  private readonly places: Map<number, number>[] = [];
  /** By the length of the run, up to the farthest: the share of guesses that came true. */
  private readonly rates: number[];

  /** Where the text would go on if it repeated what it repeated last, and how many tokens ago that came true. */
  private expected: number | undefined;
  private missed = 0;

  /** `most`: tokens of a draft at most. */
  constructor(
    private readonly vocabulary: number,
    private readonly most: number,
  ) {
    for (let length = shortest; length <= longest; length += 1) {
      this.places[length] = new Map();
    }
    const growth = (lastRate - firstRate) / (farthest - shortest);
    this.rates = Array.from(
      { length: farthest + 1 },
      (_, length) => firstRate + growth * (length - shortest),
    );
  }

  /** The text that the answer follows. */
  read(tokens: readonly number[]): void {
    for (const token of tokens) this.add(token);
  }

  /** The next token of the answer. */
  push(token: number): void {
    this.observe(token);
    this.add(token);
  }

  /**
   * What may follow, at most `room` tokens; often nothing. `rowCost` is what one more verified token costs, as a share
   * of a step.
   */
  draft(room: number, rowCost: number): number[] {
    const guess = this.guess();
    if (!guess) return [];
    const { place, length } = guess;
    const known = Math.min(this.most, room, this.tokens.length - place);
    const count = bestCount(this.rates[length] ?? 0, known, rowCost);
    return this.tokens.slice(place, place + count);
  }

  /** The latest place that the text may be repeating, and how long the run before it is. */
  private guess(): { place: number; length: number } | undefined {
    for (let length = longest; length >= shortest; length -= 1) {
      const key = this.keyOf(length);
      const place = key === undefined ? undefined : this.places[length]?.get(key);
      if (place !== undefined) return { place, length: this.runBefore(place) };
    }
    return this.guessNearby();
  }

  /** After a change in a text that is otherwise repeated: where its last token stands next to where the text would be. */
  private guessNearby(): { place: number; length: number } | undefined {
    if (this.expected === undefined || this.missed > nearby) return undefined;
    for (let distance = 0; distance <= nearby; distance += 1) {
      for (const place of [this.expected + distance, this.expected - distance])
        if (this.tokens[place - 1] === this.tokens.at(-1) && place < this.tokens.length)
          return { place, length: 1 };
    }
    return undefined;
  }

  /** How many tokens before `place` are those at the end of the text, up to the farthest. */
  private runBefore(place: number): number {
    let length = 0;
    while (
      length < farthest &&
      length < place &&
      this.tokens[place - 1 - length] === this.tokens.at(-1 - length)
    )
      length += 1;
    return length;
  }

  private observe(token: number): void {
    const guess = this.guess();
    const isRight = guess !== undefined && this.tokens[guess.place] === token;
    if (guess) {
      const rate = this.rates[guess.length] ?? 0;
      this.rates[guess.length] = rate + weight * ((isRight ? 1 : 0) - rate);
    }
    // A token that is not the one expected stands in its place.
    const place = guess?.place ?? this.expected;
    this.expected = place === undefined ? undefined : place + 1;
    this.missed = isRight ? 0 : this.missed + 1;
  }

  private add(token: number): void {
    for (let length = shortest; length <= longest; length += 1) {
      const key = this.keyOf(length);
      if (key !== undefined) this.places[length]?.set(key, this.tokens.length);
    }
    this.tokens.push(token);
  }

  /** The last `length` tokens as one number: exact for vocabularies of up to 200,000 tokens. */
  private keyOf(length: number): number | undefined {
    if (this.tokens.length < length) return undefined;
    let key = 0;
    for (const token of this.tokens.slice(-length)) key = key * this.vocabulary + token;
    return key;
  }
}

/** The draft length with the most tokens per time, when each guess is right with `rate`; 0 when none pays. */
function bestCount(rate: number, known: number, rowCost: number): number {
  let [best, bestGain] = [0, leastGain];
  let [expected, power] = [1, 1];
  for (let count = 1; count <= known; count += 1) {
    power *= rate;
    expected += power;
    const gain = expected / (1 + count * rowCost);
    if (gain > bestGain) [best, bestGain] = [count, gain];
  }
  return best;
}
