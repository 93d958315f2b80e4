import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../../../domain/errors';
import { CacheSlots } from './cache-slots';
import { Decoder } from './decoder';
import type { ModelFolder } from './model-folder';
import type { OnnxRuntime } from './onnx-runtime';
import type { EngineRequest } from './protocol';
import { SamplingMemory } from './sampling/sampling-memory';
import type { TokenText } from './sampling/token-text';
import { bytesOfToken, type Vocabulary } from './token-decoder';
import { writeAnswer, type Written } from './write-answer';

/** Conversations whose beginning stays read. Their memory is touched as it fills: 46 kB a token for the bundled model. */
const cachedConversations = 4;

export interface Progress {
  onText(text: string): void;
  onRead(fraction: number): void;
}

/** A loaded model: its tokenizer, its graph and the conversations that it remembers. */
export class TextModel {
  private readonly tokenizer: Tokenizer;
  readonly decoder: Decoder;
  private readonly slots: CacheSlots;
  readonly vocabulary: Vocabulary;
  readonly samplingMemory: SamplingMemory;
  readonly text: TokenText;

  /** Loads the weights, which takes some tenths of a second. Throws with ONNX Runtime's own words. */
  constructor(
    readonly folder: ModelFolder,
    runtime: OnnxRuntime,
    threads: number,
  ) {
    this.tokenizer = new Tokenizer(folder.tokenizer.model, folder.tokenizer.config);
    this.vocabulary = vocabularyOf(this.tokenizer, folder);
    this.text = {
      encode: (text) => this.encode(text),
      bytesOf: (token) => bytesOfToken(this.vocabulary, token),
    };
    this.samplingMemory = new SamplingMemory(folder.shape.vocabulary);
    this.decoder = new Decoder(runtime, folder.shape, { path: folder.graphPath, threads });
    this.slots = new CacheSlots(cachedConversations, () => this.decoder.createCache());
    // The first step reads the weights from disk; nobody should wait for that.
    this.decoder.step(this.slots.take([0], undefined).slot.cache, [0], 0);
  }

  /**
   * The tokens of a text, with every control token that is written in it: the chat template writes them, and text of
   * people that looks like one was changed before it came into the template (`withoutSpecials` of the models).
   */
  encode(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /**
   * Writes what follows the prompt. `isAborted` is asked between two steps; then there is no result. Throws
   * `context-too-long` when the prompt leaves no room for a token.
   */
  async write(
    request: EngineRequest,
    progress: Progress,
    isAborted: () => boolean,
  ): Promise<Written | undefined> {
    const { parameters } = request;
    const prompt = this.promptTokens(request.prompt);
    // A reused beginning was computed in other pieces, which changes the last digits: a seed promises the same text.
    const scope = parameters.seed === undefined ? request.scope : undefined;
    const { slot, reused } = this.slots.take(prompt, scope);
    const unread = prompt.slice(reused);
    const read = await this.decoder.read(slot.cache, unread, reused, (count) => {
      if (unread.length > count) progress.onRead(count / unread.length);
      return !isAborted();
    });
    slot.tokens.push(...unread.slice(0, read));
    if (isAborted()) return undefined;
    const written = await writeAnswer({
      model: this,
      slot,
      prompt,
      parameters,
      onText: (piece) => progress.onText(piece),
      isAborted,
    });
    return written && { reason: written.reason, usage: { ...written.usage, cachedTokens: reused } };
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
    // Something must be read, or the first token would come from the logits of whoever was answered before.
    const first = bosToken === undefined ? undefined : this.tokenizer.token_to_id(bosToken);
    if (first === undefined) throw new AppError('invalid-input', 'There is no text to continue.');
    return [first];
  }
}

function vocabularyOf(tokenizer: Tokenizer, folder: ModelFolder): Vocabulary {
  const specials = new Set(folder.specialTokens.flatMap((text) => tokenizer.token_to_id(text) ?? []));
  const added = tokenizer.get_added_tokens_decoder();
  return {
    pieceOf: (token) => tokenizer.id_to_token(token),
    isSpecial: (token) => specials.has(token),
    isAdded: (token) => added.has(token),
  };
}
