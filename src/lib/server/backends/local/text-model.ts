import type { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../../../domain/errors';
import { Answers } from './answers';
import type { DecoderGraph } from './bank';
import { Job, type JobListener, type JobRequest } from './job';
import type { ModelFolder } from './model-folder';
import type { EngineSettings, PromptRequest } from './protocol';
import { InPlaceGraph } from './runtime/in-place-bank';
import { openDecoderGraph, type Binding } from './runtime/open-graph';
import type { SpareMemory } from './runtime/spare-memory';
import { Scheduler } from './scheduler';
import { takeTokenizer, vocabularyOf } from './vocabulary';

/**
 * Threads that wait for the next part of a step look for it so long, in microseconds, before they sleep. Without an end
 * they take the processor from whoever else works on this machine, and then from each other: beside one busy process 512
 * tokens took 1.9 s, and 1.5 s with this. On a quiet machine it changes nothing.
 */
const sessionEntries = { 'session.intra_op.spin_duration_us': '200' };

interface OpenedGraph {
  graph: DecoderGraph;
  binding: Binding;
  readMs: number;
  spare: SpareMemory;
}

/** A loaded model: its tokenizer, its graph, and what schedules its answers. */
export class TextModel {
  readonly binding: Binding;
  private readonly scheduler: Scheduler;

  private constructor(
    private readonly folder: ModelFolder,
    private readonly tokenizer: Tokenizer,
    { graph, binding, readMs, spare }: OpenedGraph,
    { slots, context }: EngineSettings,
  ) {
    const { contextLength } = folder;
    this.binding = binding;
    const answers = new Answers({
      graph,
      vocabulary: vocabularyOf(tokenizer, folder),
      eosTokenIds: folder.eosTokenIds,
      contextLength,
      encode: (text) => this.encode(text),
    });
    this.scheduler = new Scheduler({
      graph,
      slots,
      context,
      contextLength,
      readMs,
      createSequence: (job, choice) => answers.createSequence(job, choice),
      createBeams: (job, pace) => answers.createBeams(job, pace),
      onRest: () => spare.giveBack(),
    });
  }

  /** Loads the weights, which takes some tenths of a second. Throws with ONNX Runtime's own words. */
  static async load(folder: ModelFolder, settings: EngineSettings, spare: SpareMemory): Promise<TextModel> {
    const tokenizer = takeTokenizer(folder.tokenizer);
    const { graph, binding } = await openDecoderGraph({
      path: folder.graphPath,
      threads: settings.threads,
      openInPlace: (runtime, session, shape) =>
        new InPlaceGraph(runtime, session, shape, () => spare.giveBack()),
      entries: sessionEntries,
      ...(settings.binding && { binding: settings.binding }),
    });
    const readMs = await tryOut(graph);
    return new TextModel(folder, tokenizer, { graph, binding, readMs, spare }, settings);
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
}

/**
 * Reads a few tokens twice: the first time reads the weights from disk, for which nobody should wait later. Returns what a
 * token takes, in milliseconds.
 */
async function tryOut(graph: DecoderGraph): Promise<number> {
  const tokens = Array.from({ length: 32 }, (_, token) => token);
  const bank = graph.createBank(1, tokens.length);
  await bank.read(0, tokens, 0);
  const startedAtMs = performance.now();
  await bank.read(0, tokens, 0);
  bank.release();
  return (performance.now() - startedAtMs) / tokens.length;
}
