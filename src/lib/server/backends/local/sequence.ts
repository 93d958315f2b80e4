import type { TokenInfo } from '../../../domain/generation-event';
import type { FinishReason } from '../../../domain/message';
import type { GenerationParameters } from '../../../domain/parameters';
import { AnswerText } from './answer-text';
import type { Lane, Row } from './lane';
import { PromptLookup } from './prompt-lookup';
import type { TokenChooser } from './sampling/token-chooser';
import type { Vocabulary } from './token-decoder';
import type { TokenWords } from './token-words';

/** A place in a lane. Its row moves within the lane, and the sequence may move to a longer lane. */
export interface Place {
  lane: Lane;
  row: Row;
}

export interface SequenceOptions {
  prompt: readonly number[];
  parameters: GenerationParameters;
  chooser: TokenChooser;
  vocabulary: Vocabulary;
  words: TokenWords;
  eosTokenIds: readonly number[];
  /** Tokens of prompt and answer together. */
  contextLength: number;
  vocabularySize: number;
  startedAtMs: number;
  tell: (text: string, tokens: TokenInfo[] | undefined) => void;
}

/** One answer being written: the state between two steps. */
export class Sequence {
  /** Tokens chosen so far, with the one that ends the answer. */
  count = 0;
  reason: FinishReason | undefined;
  place: Place | undefined;
  /** Chosen, and not read by the graph yet. */
  private pending: number | undefined;
  private readonly text: AnswerText;
  private lookup: PromptLookup | undefined;
  private readonly limit: number;

  constructor(private readonly options: SequenceOptions) {
    const { parameters, vocabulary, tell } = options;
    this.text = new AnswerText(vocabulary, parameters.stop ?? [], tell);
    this.limit = parameters.max_new_tokens ?? Infinity;
  }

  get prompt(): readonly number[] {
    return this.options.prompt;
  }

  /** Positions that the answer needs at most. */
  get longest(): number {
    return Math.min(this.prompt.length + this.limit, this.options.contextLength);
  }

  /** Prompt tokens that are not read yet. */
  get unread(): number {
    return this.prompt.length - (this.place?.row.tokens.length ?? 0);
  }

  /** What the next step reads: the token chosen last, and where it stands. */
  get next(): { token: number; position: number } {
    if (this.pending === undefined || !this.place)
      throw new Error('A sequence that is not written has no next token.');
    return { token: this.pending, position: this.place.row.tokens.length };
  }

  /** A guess at the tokens after the next one; empty when none is worth it. */
  draft(rowCost: number, longest: number): number[] {
    const { parameters } = this.options;
    const most = parameters.prompt_lookup_num_tokens ?? Infinity;
    const room = Math.min(longest, this.longest - this.prompt.length - this.count - 1);
    if (most === 0 || room < 1) return [];
    return this.lookupOf(most).draft(room, rowCost);
  }

  /** The prompt is read: chooses the first token. */
  begin(logits: Float32Array): void {
    this.choose(logits);
  }

  /**
   * The step that read `next` and the guesses after it is done. Takes tokens as long as they are what was guessed, and
   * one that was not.
   */
  advance(logits: readonly Float32Array[], guesses: readonly number[] = []): void {
    for (const [index, row] of logits.entries()) {
      this.place?.row.tokens.push(this.next.token);
      this.choose(row);
      if (this.reason !== undefined || this.pending !== guesses[index]) return;
    }
  }

  /** It is over, however it ended. */
  release(): void {
    this.options.chooser.release();
  }

  private choose(logits: Float32Array): void {
    const { chooser, eosTokenIds } = this.options;
    const choice = chooser.choose(logits);
    this.count += 1;
    if (eosTokenIds.includes(choice.token)) return this.end('stop');
    chooser.accept(choice.token);
    this.lookup?.push(choice.token);
    this.pending = choice.token;
    this.text.push(choice);
    if (this.text.hasStopped) this.end('stop');
    else if (this.count >= this.limit || this.prompt.length + this.count >= this.options.contextLength)
      this.end('length');
    else if (this.isOverTime()) this.end('time');
  }

  private end(reason: FinishReason): void {
    this.text.end();
    this.reason = reason;
  }

  private isOverTime(): boolean {
    const { startedAtMs, parameters } = this.options;
    const { max_time } = parameters;
    return max_time !== undefined && performance.now() - startedAtMs > max_time * 1000;
  }

  /** Made when it is first asked for: an answer that is never alone needs none. */
  private lookupOf(most: number): PromptLookup {
    if (this.lookup) return this.lookup;
    const { vocabularySize, words } = this.options;
    this.lookup = new PromptLookup(vocabularySize, most, words);
    const { row } = this.place ?? {};
    this.lookup.read(row?.tokens ?? []);
    if (this.pending !== undefined) this.lookup.read([this.pending]);
    return this.lookup;
  }
}
