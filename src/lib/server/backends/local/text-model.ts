import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../../../domain/errors';
import type { DecoderGraph } from './bank';
import { BeamWriter } from './beam-writer';
import { Job, type JobListener, type JobRequest } from './job';
import type { ModelFolder } from './model-folder';
import type { Pace } from './pace';
import type { EngineSettings, PromptRequest } from './protocol';
import { InPlaceGraph } from './runtime/in-place-bank';
import { openDecoderGraph, type Binding } from './runtime/open-graph';
import { seededRandom } from './sampling/random';
import { SamplingMemory } from './sampling/sampling-memory';
import { createTokenChooser, type TokenChooser } from './sampling/token-chooser';
import type { TokenText } from './sampling/token-text';
import { Scheduler } from './scheduler';
import { Sequence } from './sequence';
import { bytesOfToken, type Vocabulary } from './token-decoder';

/** A loaded model: its tokenizer, its graph, and what schedules its answers. */
export class TextModel {
  private readonly vocabulary: Vocabulary;
  private readonly text: TokenText;
  private readonly memory: SamplingMemory;
  private readonly scheduler: Scheduler;

  private constructor(
    private readonly folder: ModelFolder,
    private readonly tokenizer: Tokenizer,
    private readonly graph: DecoderGraph,
    readonly binding: Binding,
    { slots, context }: EngineSettings,
  ) {
    const { contextLength } = folder;
    this.vocabulary = vocabularyOf(tokenizer, folder);
    this.text = {
      encode: (text) => this.encode(text),
      bytesOf: (token) => bytesOfToken(this.vocabulary, token),
    };
    this.memory = new SamplingMemory(graph.vocabulary);
    this.scheduler = new Scheduler({
      graph,
      slots,
      context,
      contextLength,
      createSequence: (job, choice) => this.createSequence(job, choice),
      createBeams: (job, pace) => this.createBeams(job, pace),
    });
  }

  /** Loads the weights, which takes some tenths of a second. Throws with ONNX Runtime's own words. */
  static async load(folder: ModelFolder, settings: EngineSettings): Promise<TextModel> {
    const tokenizer = new Tokenizer(folder.tokenizer.model, folder.tokenizer.config);
    const { graph, binding } = await openDecoderGraph({
      path: folder.graphPath,
      threads: settings.threads,
      openInPlace: (runtime, session, shape) => new InPlaceGraph(runtime, session, shape),
      ...(settings.binding && { binding: settings.binding }),
    });
    const model = new TextModel(folder, tokenizer, graph, binding, settings);
    await model.readWeights();
    return model;
  }

  /**
   * The tokens of a text, with every control token that is written in it: the chat template writes them, and text of
   * people that looks like one was changed before it came into the template (`withoutSpecials` of the models).
   */
  encode(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /**
   * Begins to write what follows the prompt; the listener hears of it. Throws `context-too-long` when the prompt leaves
   * no room for a token.
   */
  write(id: number, request: PromptRequest, listener: JobListener): Job {
    const job = new Job(id, this.toTokens(request), listener);
    this.scheduler.add(job);
    return job;
  }

  private toTokens({ prompt: text, parameters, scope, sharedPrefix = '' }: PromptRequest): JobRequest {
    const prompt = this.promptTokens(text);
    const prefix = this.encode(sharedPrefix);
    // Where the prefix meets the rest, tokens may be other ones than those of the prefix alone.
    const length = prefix.findIndex((token, index) => token !== prompt[index]);
    const shared = length === -1 ? prefix : prefix.slice(0, length);
    return { prompt, parameters, scope, sharedPrefix: shared.slice(0, Math.max(0, prompt.length - 2)) };
  }

  private promptTokens(text: string): number[] {
    const { bosToken, contextLength } = this.folder;
    const tokens = this.encode(text);
    if (tokens.length >= contextLength) {
      throw new AppError('context-too-long', 'This prompt is longer than the model can read.', {
        details: { tokens: tokens.length, limit: contextLength - 1 },
      });
    }
    if (tokens.length > 0) return tokens;
    // Something must be read before there is anything to choose from.
    const first = bosToken === undefined ? undefined : this.tokenizer.token_to_id(bosToken);
    if (first === undefined) throw new AppError('invalid-input', 'There is no text to continue.');
    return [first];
  }

  private async createSequence(job: Job, choice: number): Promise<Sequence> {
    const { prompt, parameters } = job.request;
    const { contextLength, eosTokenIds } = this.folder;
    return new Sequence({
      prompt,
      parameters,
      chooser: await this.createChooser(job, choice),
      vocabulary: this.vocabulary,
      vocabularySize: this.graph.vocabulary,
      eosTokenIds,
      contextLength,
      startedAtMs: job.startedAtMs,
      tell: (text, tokens) => job.tell(choice, text, tokens),
    });
  }

  private async createBeams(job: Job, pace: Pace): Promise<BeamWriter> {
    const { contextLength, eosTokenIds } = this.folder;
    const { graph, vocabulary } = this;
    const chooser = await this.createChooser(job, 0);
    return new BeamWriter({ job, graph, pace, chooser, vocabulary, eosTokenIds, contextLength });
  }

  /** Each answer of a request draws its own numbers: the seed of the request plus its place. */
  private createChooser({ request: { prompt, parameters } }: Job, choice: number): Promise<TokenChooser> {
    const seed = parameters.seed ?? Math.floor(Math.random() * 0x1_0000_0000);
    return createTokenChooser({
      parameters,
      prompt,
      eosTokenIds: this.folder.eosTokenIds,
      vocabulary: this.graph.vocabulary,
      text: this.text,
      random: seededRandom(seed + choice),
      memory: this.memory,
    });
  }

  /** The first step reads the weights from disk; nobody should wait for that. */
  private async readWeights(): Promise<void> {
    const bank = this.graph.createBank(1, 16);
    await bank.read(0, [0], 0);
    bank.release();
  }
}

function vocabularyOf(tokenizer: Tokenizer, folder: ModelFolder): Vocabulary {
  const specials = new Set(folder.specialTokens.flatMap((text) => tokenizer.token_to_id(text) ?? []));
  const added = tokenizer.get_added_tokens_decoder();
  return {
    pieceOf: (token) => tokenizer.id_to_token(token),
    isSpecial: (token) => specials.has(token),
    isAdded: (token) => added.has(token),
    style: folder.pieces,
  };
}
