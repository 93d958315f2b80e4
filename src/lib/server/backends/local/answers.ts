import type { DecoderGraph } from './bank';
import { BeamWriter } from './beam-writer';
import type { Job } from './job';
import type { Pace } from './pace';
import { seededRandom } from './sampling/random';
import { SamplingMemory } from './sampling/sampling-memory';
import { createTokenChooser, type TokenChooser } from './sampling/token-chooser';
import type { TokenText } from './sampling/token-text';
import { Sequence } from './sequence';
import { bytesOfToken, type Vocabulary } from './token-decoder';
import { TokenWords } from './token-words';

export interface AnswersOptions {
  graph: DecoderGraph;
  vocabulary: Vocabulary;
  eosTokenIds: readonly number[];
  /** Tokens of prompt and answer together. */
  contextLength: number;
  encode(text: string): readonly number[];
}

/** Makes the state of each answer that a model begins. */
export class Answers {
  private readonly text: TokenText;
  private readonly memory: SamplingMemory;
  private readonly words: TokenWords;

  constructor(private readonly options: AnswersOptions) {
    const { graph, vocabulary, encode } = options;
    this.text = { encode, bytesOf: (token) => bytesOfToken(vocabulary, token) };
    this.memory = new SamplingMemory(graph.vocabulary);
    this.words = new TokenWords(vocabulary);
  }

  /** Rejects with `invalid-input` when a parameter cannot be followed with this model. */
  async createSequence(job: Job, choice: number): Promise<Sequence> {
    const { prompt, parameters } = job.request;
    const { graph, ...model } = this.options;
    return new Sequence({
      ...model,
      prompt,
      parameters,
      chooser: await this.createChooser(job, choice),
      words: this.words,
      vocabularySize: graph.vocabulary,
      startedAtMs: job.startedAtMs,
      tell: (text, tokens) => job.tell(choice, text, tokens),
    });
  }

  /** As `createSequence`, for a request with `num_beams`. */
  async createBeams(job: Job, pace: Pace): Promise<BeamWriter> {
    return new BeamWriter({ ...this.options, job, pace, chooser: await this.createChooser(job, 0) });
  }

  /** Each answer of a request draws its own numbers: the seed of the request plus its place. */
  private createChooser({ request: { prompt, parameters } }: Job, choice: number): Promise<TokenChooser> {
    const seed = parameters.seed ?? Math.floor(Math.random() * 0x1_0000_0000);
    return createTokenChooser({
      parameters,
      prompt,
      eosTokenIds: this.options.eosTokenIds,
      vocabulary: this.options.graph.vocabulary,
      text: this.text,
      random: seededRandom(seed + choice),
      limit: Math.min(parameters.max_new_tokens ?? Infinity, this.options.contextLength - prompt.length),
      memory: this.memory,
    });
  }
}
