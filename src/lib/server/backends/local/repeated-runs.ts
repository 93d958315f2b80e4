/** So many earlier occurrences of the last two tokens are compared. */
const compared = 8;

/** A place that a text may be repeating: the token there follows a run that also ends the text. */
export interface Repetition {
  place: number;
  /** Tokens of the run, as far as it is followed back. */
  run: number;
}

/** Tokens as they come, and where the last few of them stood before. */
export class RepeatedRuns {
  readonly tokens: number[] = [];
  /** The place after the latest occurrence of two tokens in a row. */
  private readonly latest = new Map<number, number>();
  /** By place: the place after the occurrence before, of the two tokens that end there. */
  private readonly earlier: (number | undefined)[] = [];

  /** `farthest`: a run is followed back so far. */
  constructor(
    private readonly vocabulary: number,
    private readonly farthest: number,
  ) {}

  add(token: number): void {
    const last = this.tokens.at(-1);
    this.tokens.push(token);
    if (last === undefined) return;
    // Exact for any vocabulary: two numbers of up to 26 bits make one of 52.
    const pair = last * this.vocabulary + token;
    const place = this.tokens.length;
    this.earlier[place] = this.latest.get(pair);
    this.latest.set(pair, place);
  }

  /** The place after the longest run of two tokens or more that ends the text; the latest of several. */
  longest(): Repetition | undefined {
    let best: Repetition | undefined;
    let place = this.earlier[this.tokens.length];
    for (let count = 0; place !== undefined && count < compared; count += 1) {
      const run = this.runBefore(place);
      if (run > (best?.run ?? 0)) best = { place, run };
      place = this.earlier[place];
    }
    return best;
  }

  /** How many tokens before `place` are those at the end of the text. */
  runBefore(place: number): number {
    const { tokens, farthest } = this;
    let run = 0;
    while (run < Math.min(farthest, place) && tokens[place - 1 - run] === tokens.at(-1 - run)) run += 1;
    return run;
  }
}
