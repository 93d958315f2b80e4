import type { GenerationParameters } from '../../../../domain/parameters';
import type { ChooserOptions } from './chooser-options';
import type { Guide } from './guide';
import { guideFor } from './guided-output';
import { takeLargest } from './largest';
import { logprobsOf, type TokenLogprob } from './log-probabilities';
import type { Processor } from './processor';
import { processorsFor } from './processors';
import type { Random } from './random';
import { SamplingMemory } from './sampling-memory';
import { TokenHistory } from './token-history';
import { argmax, draw, keepCandidates } from './warping';

export interface Choice {
  token: number;
  /** With `top_logprobs` only: of the model's own distribution, before any parameter changed it. */
  logprob?: number;
  /** The likeliest tokens in its place, likeliest first. */
  top?: TokenLogprob[];
}

/**
 * What chooses the tokens of one sequence. Throws `invalid-input` when a parameter cannot be followed with this model,
 * with words that say why.
 */
export async function createTokenChooser(options: ChooserOptions): Promise<TokenChooser> {
  const { parameters, prompt, random, limit, vocabulary, memory = new SamplingMemory(vocabulary) } = options;
  return new TokenChooser(options, {
    parameters,
    processors: processorsFor(options),
    history: TokenHistory.of(prompt),
    guide: parameters.grammar && (await guideFor(parameters.grammar, options)),
    limit,
    random,
    memory,
  });
}

interface ChooserState {
  parameters: GenerationParameters;
  processors: readonly Processor[];
  history: TokenHistory;
  guide: Guide | undefined;
  limit: number | undefined;
  random: Random;
  memory: SamplingMemory;
}

/**
 * Chooses tokens and remembers what was written. `choose` draws exactly one random number a call when it samples and
 * none when it is greedy, so that the same seed gives the same text whether tokens are looked at one by one or several
 * logits come from one run of the graph.
 */
export class TokenChooser {
  /** Whether the likeliest token is always taken. */
  readonly isGreedy: boolean;

  constructor(
    private readonly model: Pick<ChooserOptions, 'eosTokenIds'>,
    private readonly state: ChooserState,
  ) {
    this.isGreedy = state.parameters.temperature === 0;
  }

  get random(): Random {
    return this.state.random;
  }

  /** Whether a grammar lets nothing but the end follow. */
  get isFinished(): boolean {
    return this.state.guide?.isFinished ?? false;
  }

  /** Chooses the next token and does not remember it. Changes the logits. */
  choose(logits: Float32Array): Choice {
    const { parameters, memory } = this.state;
    const { top_logprobs } = parameters;
    if (top_logprobs !== undefined) memory.logits.set(logits);
    const token = this.steer(this.pick(logits));
    return top_logprobs === undefined
      ? { token }
      : { token, ...logprobsOf(memory.logits, token, top_logprobs, memory) };
  }

  private pick(logits: Float32Array): number {
    const { random, parameters, memory } = this.state;
    this.process(logits);
    if (this.isGreedy) {
      const likeliest = argmax(logits);
      return logits[likeliest] === -Infinity ? this.end(likeliest) : likeliest;
    }
    const number = random();
    const count = keepCandidates(logits, parameters, memory);
    return count === 0 ? this.end(0) : draw(memory, count, () => number);
  }

  /** Leads an answer with a grammar to its end before the most tokens are written. */
  private steer(token: number): number {
    const { guide, history, parameters, limit = parameters.max_new_tokens } = this.state;
    return guide && limit !== undefined ? guide.steer(token, limit - history.answerLength) : token;
  }

  /** Where everything is forbidden the answer ends. */
  private end(otherwise: number): number {
    return this.model.eosTokenIds[0] ?? otherwise;
  }

  /**
   * Applies the rules that forbid tokens or change how likely they are, in the order of Hugging Face's `generate`, but not
   * temperature and what follows it. A grammar goes before all others: where they leave nothing that it allows, they are
   * passed over.
   */
  process(logits: Float32Array): void {
    const { processors, history, guide, memory } = this.state;
    if (guide) memory.logits.set(logits);
    for (const processor of processors) processor.process(logits, history);
    if (!guide || guide.mask(logits)) return;
    logits.set(memory.logits);
    guide.mask(logits);
  }

  /**
   * Visits the tokens that may be chosen, with their logits divided by the temperature: the `most` likeliest when greedy,
   * else those that are left after temperature, `top_k`, `top_p`, `min_p` and `typical_p`. For beams.
   */
  eachCandidate(logits: Float32Array, most: number, visit: (token: number, logit: number) => void): void {
    const { parameters, memory } = this.state;
    const { temperature = 1 } = parameters;
    const count = this.isGreedy
      ? takeLargest(logits, memory.tokens, { count: Math.min(most, logits.length) })
      : keepCandidates(logits, parameters, memory);
    for (const token of memory.tokens.subarray(0, count))
      visit(token, (logits[token] ?? -Infinity) / (this.isGreedy ? 1 : temperature));
  }

  /** Remembers a token of the answer, one that `choose` gave or that a grammar allows. */
  accept(token: number): void {
    const { processors, history, guide } = this.state;
    history.add(token);
    for (const processor of processors) processor.accept?.(token);
    guide?.accept(token);
  }

  /** An independent copy, for a beam; random numbers come from the same source. */
  fork(): TokenChooser {
    const { state } = this;
    return new TokenChooser(this.model, {
      ...state,
      processors: state.processors.map((processor) => processor.fork?.() ?? processor),
      history: state.history.copy(),
      guide: state.guide?.fork(),
    });
  }

  /** Gives the memory of a grammar back, that of all copies with it; none of them chooses after that. */
  release(): void {
    this.state.guide?.release();
  }
}
