import { resolve } from 'node:path';
import {
  env,
  InterruptableStoppingCriteria,
  pipeline,
  random,
  TextStreamer,
  TranslationPipeline,
  type Text2TextGenerationPipeline,
} from '@huggingface/transformers';
import { AppError } from '../../../domain/errors';
import type { FinishReason } from '../../../domain/message';
import type { GenerationParameters } from '../../../domain/parameters';
import type { BackendUsage } from '../backend';
import { StopSequences } from '../stop-sequences';
import type { FolderFacts } from './model-folder';
import type { Text2textRequest } from './protocol';

// Nothing is ever downloaded, and nothing is kept besides the folder itself.
env.allowRemoteModels = false;
env.useFSCache = false;

/** Below, one thread is done before a second has woken: a model of 1 MB took a third of the time with one. */
const smallModelBytes = 20_000_000;
/** What Transformers.js writes at most when nobody says. */
const usualLength = 256;

export interface Written {
  reason: FinishReason;
  usage: BackendUsage;
}

/** A loaded encoder-decoder model. It writes one answer at a time. */
export class Text2textModel {
  private readonly translation: TranslationPipeline;

  private constructor(
    private readonly facts: FolderFacts,
    private readonly generation: Text2TextGenerationPipeline,
  ) {
    const { model, tokenizer } = generation;
    this.translation = new TranslationPipeline({ task: 'translation', model, tokenizer });
  }

  /** Loads the weights. Throws with the words of ONNX Runtime or Transformers.js. */
  static async load(facts: FolderFacts, threads: number): Promise<Text2textModel> {
    // An absolute path is never taken for an id of the Hub, whatever characters are in it.
    const generation = await pipeline('text2text-generation', resolve(facts.path), {
      device: 'cpu',
      dtype: facts.files.dtype,
      local_files_only: true,
      session_options: { intraOpNumThreads: facts.files.bytes < smallModelBytes ? 1 : threads },
      // ONNX Runtime finds the external data of a graph beside it, without being told.
      use_external_data_format: false,
    });
    return new Text2textModel(facts, generation);
  }

  /** Tokens of a text as it stands. */
  count(text: string): number {
    return this.generation.tokenizer.encode(text, { add_special_tokens: false }).length;
  }

  /**
   * Writes what the model makes of a text. `isAborted` is asked after each token; then there is no result. Throws
   * `context-too-long` when the encoder does not read so much.
   */
  async write(
    { text, task, parameters }: Text2textRequest,
    onText: (text: string) => void,
    isAborted: () => boolean,
  ): Promise<Written | undefined> {
    const { tokenizer } = this.generation;
    const promptTokens = tokenizer.encode(text).length;
    if (promptTokens > this.facts.contextLength) {
      throw new AppError('context-too-long', 'This text is longer than the model can read.', {
        details: { tokens: promptTokens, limit: this.facts.contextLength },
      });
    }
    const run = new Writing(parameters, this.facts.eosTokenIds, onText, isAborted);
    const streamer = new TextStreamer(tokenizer, {
      skip_prompt: true,
      callback_function: (piece) => run.takeText(piece),
      token_callback_function: (tokens) => run.takeToken(Number(tokens[0])),
    });
    // The library draws from one generator for all; requests come one at a time, so a seed fixes the whole text.
    random.seed(parameters.seed);
    await this.pipelineOf(task)(text, {
      ...settingsOf(parameters),
      ...languagesOf(task),
      streamer,
      stopping_criteria: run.criteria,
    });
    return run.end(promptTokens);
  }

  private pipelineOf(task: string | undefined): Text2TextGenerationPipeline | TranslationPipeline {
    return task?.includes('>') ? this.translation : this.generation;
  }
}

/** One answer on its way. */
class Writing {
  readonly criteria = new InterruptableStoppingCriteria();
  private readonly stop: StopSequences;
  private readonly endsAtMs: number;
  private count = 0;
  private lastToken = -1;

  constructor(
    { stop, max_time = Infinity }: GenerationParameters,
    private readonly eosTokenIds: readonly number[],
    private readonly onText: (text: string) => void,
    private readonly isAborted: () => boolean,
  ) {
    this.stop = new StopSequences(stop ?? []);
    this.endsAtMs = performance.now() + max_time * 1000;
  }

  takeToken(token: number): void {
    this.count += 1;
    this.lastToken = token;
    if (this.isAborted() || performance.now() > this.endsAtMs) this.criteria.interrupt();
  }

  takeText(text: string): void {
    if (this.stop.hasStopped || this.isAborted()) return;
    const piece = this.stop.push(text);
    if (piece !== '') this.onText(piece);
    if (this.stop.hasStopped) this.criteria.interrupt();
  }

  end(promptTokens: number): Written | undefined {
    if (this.isAborted()) return undefined;
    const rest = this.stop.hasStopped ? '' : this.stop.end();
    if (rest !== '') this.onText(rest);
    const isWhole = this.stop.hasStopped || this.eosTokenIds.includes(this.lastToken);
    return {
      reason: isWhole ? 'stop' : 'length',
      usage: { promptTokens, completionTokens: this.count },
    };
  }
}

function settingsOf(parameters: GenerationParameters) {
  const { temperature = 1, top_k = 0, repetition_penalty = 1, no_repeat_ngram_size = 0 } = parameters;
  const { max_new_tokens = usualLength, min_new_tokens = 0 } = parameters;
  return {
    max_new_tokens,
    min_new_tokens,
    do_sample: temperature > 0,
    ...(temperature > 0 && { temperature }),
    top_k,
    repetition_penalty,
    no_repeat_ngram_size,
    num_beams: 1,
  };
}

function languagesOf(task: string | undefined): { src_lang?: string; tgt_lang?: string } {
  const [src_lang, tgt_lang] = task?.split('>') ?? [];
  return src_lang !== undefined && tgt_lang !== undefined ? { src_lang, tgt_lang } : {};
}
