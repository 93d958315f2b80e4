import type { FinishReason } from '../../../domain/message';
import { AnswerText } from './answer-text';
import type { Bank, DecoderGraph } from './bank';
import type { Job } from './job';
import type { Pace } from './pace';
import { BeamSearch, type BeamStep, type Hypothesis } from './sampling/beam-search';
import type { TokenChooser } from './sampling/token-chooser';
import { textOfTokens, type Vocabulary } from './token-decoder';

export interface BeamWriterOptions {
  job: Job;
  graph: DecoderGraph;
  pace: Pace;
  chooser: TokenChooser;
  vocabulary: Vocabulary;
  eosTokenIds: readonly number[];
  /** Tokens of prompt and answer together. */
  contextLength: number;
}

/** A beam and the row in which it is written. */
interface Beam {
  row: number;
  token: number;
  chooser: TokenChooser;
}

/**
 * Writes the answers of a beam search in a bank of its own, which is as long as it needs. All beams hold the same prompt;
 * a beam that splits copies only what was written since.
 */
export class BeamWriter {
  readonly job: Job;
  private readonly bank: Bank;
  private readonly search: BeamSearch;
  private readonly stop: readonly string[];
  private readonly limit: number;
  private beams: Beam[] = [];
  /** Prompt tokens that are read, then positions that are filled. */
  private length = 0;

  /** Throws `invalid-input` when more answers are wanted than there are beams. */
  constructor(private readonly options: BeamWriterOptions) {
    const { job, graph, vocabulary, eosTokenIds, contextLength } = options;
    const { prompt, parameters } = job.request;
    const {
      num_beams = 1,
      length_penalty = 1,
      early_stopping = false,
      max_new_tokens = Infinity,
    } = parameters;
    this.job = job;
    this.stop = parameters.stop ?? [];
    this.limit = Math.min(max_new_tokens, contextLength - prompt.length);
    const tail = Math.max(0, ...this.stop.map(({ length }) => length)) + 1;
    this.search = new BeamSearch({
      numBeams: num_beams,
      lengthPenalty: length_penalty,
      earlyStopping: early_stopping,
      count: job.choices,
      eosTokenIds,
      maxNewTokens: this.limit,
      ...(this.stop.length > 0 && {
        // A token is never shorter than one character, so a stop sequence that has just become whole is in these.
        isStopped: (tokens: readonly number[]) => {
          const text = textOfTokens(vocabulary, tokens.slice(-tail));
          return this.stop.some((sequence) => text.includes(sequence));
        },
      }),
    });
    this.bank = graph.createBank(num_beams, Math.ceil((prompt.length + this.limit) / 16) * 16);
  }

  /** The next call of the graph: a piece of the prompt, or a token of each beam. Ends the job after the last. */
  async advance(): Promise<void> {
    const { job, pace } = this.options;
    const { prompt } = job.request;
    try {
      const unread = prompt.length - this.length;
      if (unread > 0) await this.read(prompt.slice(this.length, this.length + pace.pieceOf(unread, true)));
      else await this.step();
    } catch (thrown) {
      job.fail(thrown);
    }
  }

  release(): void {
    this.options.chooser.release();
    this.bank.release();
  }

  private async read(piece: readonly number[]): Promise<void> {
    const { job, chooser } = this.options;
    const { prompt } = job.request;
    const startedAtMs = performance.now();
    const logits = await this.bank.read(0, piece, this.length);
    this.options.pace.noteRead(piece.length, performance.now() - startedAtMs);
    this.length += piece.length;
    if (this.length < prompt.length) return job.progress('reading', this.length / prompt.length);
    this.bank.endReading();
    for (let row = 1; row < this.bank.rows; row += 1) this.bank.copy(row, this.bank, 0, 0, this.length);
    this.beams = [{ row: 0, token: -1, chooser }];
    this.goOn(this.search.first(logits, chooser));
  }

  private async step(): Promise<void> {
    const rows = Array.from({ length: this.bank.rows }, (_, row) =>
      this.beams.find((beam) => beam.row === row),
    );
    // A row without a beam is computed along and forgotten.
    const tokens = rows.map((beam) => beam?.token ?? 0);
    const logits = await this.bank.step(
      0,
      tokens,
      tokens.map(() => this.length),
    );
    this.length += 1;
    const ordered = this.beams.flatMap(({ row }) => logits[row] ?? []);
    this.goOn(
      this.search.advance(
        ordered,
        this.beams.map(({ chooser }) => chooser),
      ),
    );
  }

  private goOn(steps: readonly BeamStep[] | undefined): void {
    const { job } = this.options;
    const { prompt, parameters } = job.request;
    const { max_time = Infinity } = parameters;
    if (!steps) return this.end(undefined);
    if (performance.now() - job.startedAtMs > max_time * 1000) return this.end('time');
    this.beams = this.placed(steps);
    job.progress('searching', (this.length - prompt.length + 1) / this.limit);
  }

  /**
   * A row for each beam. One beam of every parent that goes on stays in its row, so that the others can be copied from
   * there into rows whose own beam has no successor, in any order.
   */
  private placed(steps: readonly BeamStep[]): Beam[] {
    const { prompt } = this.options.job.request;
    const parents = new Set(steps.map(({ parent }) => parent));
    const kept = new Set([...parents].flatMap((parent) => this.beams[parent]?.row ?? []));
    const free = Array.from({ length: this.bank.rows }, (_, row) => row).filter((row) => !kept.has(row));
    return steps.flatMap(({ parent, token }) => {
      const from = this.beams[parent];
      if (!from) return [];
      const row = parents.delete(parent) ? from.row : free.pop();
      if (row === undefined) return [];
      if (row !== from.row) this.bank.copy(row, this.bank, from.row, prompt.length, this.length);
      const chooser = from.chooser.fork();
      chooser.accept(token);
      return { row, token, chooser };
    });
  }

  private end(reason: FinishReason | undefined): void {
    const { job } = this.options;
    const results = this.search.results();
    for (let choice = 0; choice < job.choices; choice += 1) {
      const result = results[choice];
      if (result) this.tell(choice, result);
      job.endChoice(choice, reason ?? result?.reason ?? 'stop', result?.tokens.length ?? 0);
    }
  }

  private tell(choice: number, { tokens }: Hypothesis): void {
    const { job, vocabulary, eosTokenIds } = this.options;
    const text = new AnswerText(vocabulary, this.stop, (piece, details) => job.tell(choice, piece, details));
    for (const token of tokens) if (!eosTokenIds.includes(token)) text.push({ token });
    text.end();
  }
}
