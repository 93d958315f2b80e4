import type { ProgressLabel, TokenInfo } from '../../../domain/generation-event';
import type { FinishReason } from '../../../domain/message';
import type { GenerationParameters } from '../../../domain/parameters';
import type { BackendUsage } from '../backend';

/** A request as the scheduler sees it: tokens. */
export interface JobRequest {
  prompt: readonly number[];
  parameters: GenerationParameters;
  /** Whose cached beginnings may be reused; absent: nobody's. */
  scope: string | undefined;
  /** The beginning of the prompt that all owners may share. */
  sharedPrefix: readonly number[];
}

/** Who hears of a job. One of `onFinish` and `onFault` is the last. */
export interface JobListener {
  onText(choice: number, text: string, tokens: TokenInfo[] | undefined): void;
  onProgress(label: ProgressLabel, fraction: number): void;
  /** One of several answers is complete. */
  onChoiceEnd(choice: number, reason: FinishReason): void;
  /** `reason` is that of the answer that ended last. */
  onFinish(reason: FinishReason, usage: BackendUsage): void;
  onFault(thrown: unknown): void;
}

/** One request and how far it is: each of its answers ends by itself. */
export class Job {
  readonly startedAtMs = performance.now();
  isAborted = false;
  private left: number;
  private written = 0;
  private cached: number | undefined;
  private isOver = false;

  constructor(
    readonly id: number,
    readonly request: JobRequest,
    private readonly listener: JobListener,
  ) {
    this.left = this.choices;
  }

  /** Answers that are asked for. */
  get choices(): number {
    return this.request.parameters.num_return_sequences ?? 1;
  }

  get isBeamSearch(): boolean {
    return (this.request.parameters.num_beams ?? 1) > 1;
  }

  /** Whether nothing more is to be done for it. */
  get isDone(): boolean {
    return this.isOver || this.isAborted;
  }

  tell(choice: number, text: string, tokens: TokenInfo[] | undefined): void {
    if (!this.isDone) this.listener.onText(choice, text, tokens);
  }

  progress(label: ProgressLabel, fraction: number): void {
    if (!this.isDone) this.listener.onProgress(label, fraction);
  }

  /** Prompt tokens that the first answer did not have to read. */
  noteCached(tokens: number): void {
    this.cached ??= tokens;
  }

  /** One of the answers is complete; after the last the job is. */
  endChoice(choice: number, reason: FinishReason, tokens: number): void {
    if (this.isDone) return;
    this.written += tokens;
    this.left -= 1;
    if (this.choices > 1) this.listener.onChoiceEnd(choice, reason);
    if (this.left > 0) return;
    this.isOver = true;
    this.listener.onFinish(reason, {
      promptTokens: this.request.prompt.length,
      completionTokens: this.written,
      cachedTokens: this.cached ?? 0,
    });
  }

  fail(thrown: unknown): void {
    if (this.isDone) return;
    this.isOver = true;
    this.listener.onFault(thrown);
  }
}
