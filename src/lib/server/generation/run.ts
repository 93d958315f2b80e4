import type { Logger } from 'pino';
import { AppError, toPublicError, type PublicError } from '../../domain/errors';
import type { EndStatus, Generation, PromptRecord } from '../../domain/generation';
import type { RunEnd } from '../../domain/generation-event';
import type { FinishReason, Message, Usage } from '../../domain/message';
import type { GenerationParameters } from '../../domain/parameters';
import { unlessAborted } from '../../domain/unless-aborted';
import type { Backend, BackendUsage, GenerateRequest } from '../backends/backend';
import type { Model, Prepared, PrepareInput } from '../models/model';
import { EventLog } from './event-log';
import { ReasoningClock } from './reasoning-clock';
import type { Slots } from './slots';

/** What a run needs to know when it starts; it never sees a request. */
export interface RunInput {
  owner: string;
  generation: Generation;
  /** Its messages, by choice, as stored at the start. */
  messages: Message[];
  model: Model;
  slots: Slots;
  prepare: PrepareInput;
  /** Of the owner. */
  readFile: NonNullable<GenerateRequest['readFile']>;
  log: Logger;
}

interface Stop {
  status: Extract<EndStatus, 'stopped' | 'interrupted'>;
  throughSeq?: number;
  error?: PublicError;
}

/** What a run tells on its way. */
export interface RunHooks {
  onRunning: () => void;
  /** How its prompt was made. */
  onPrompt: (record: PromptRecord) => void;
}

/** One answer being written. It belongs to the server: it goes on when every page that shows it is closed. */
export class Run {
  readonly log: EventLog;
  private readonly controller = new AbortController();
  private readonly startedAtMs = performance.now();
  private stopped: Stop | undefined;
  private firstTextMs: number | undefined;
  private readonly reasoning = new ReasoningClock();
  private usage: BackendUsage | undefined;
  private onPrompt: RunHooks['onPrompt'] | undefined;
  private record: PromptRecord | undefined;

  constructor(readonly input: RunInput) {
    this.log = new EventLog(input.generation.id, input.messages);
  }

  get generation(): Generation {
    return this.input.generation;
  }

  /** Ends it with the text up to `throughSeq` (absent: all). The first call counts. */
  stop(stop: Stop): void {
    if (this.stopped) return;
    this.stopped = stop;
    this.controller.abort();
  }

  /** Runs to its end and returns how it ended; the log is not sealed yet. Does not throw. */
  async execute({ onRunning, onPrompt }: RunHooks): Promise<RunEnd> {
    const { signal } = this.controller;
    let release: (() => void) | undefined;
    try {
      release = await this.input.slots.acquire(signal, (position) =>
        this.log.append({ type: 'queued', position }),
      );
      if (!release) return this.endStopped();
      onRunning();
      this.onPrompt = onPrompt;
      return await this.answer();
    } catch (thrown) {
      this.tellPrompt();
      // The signal alone says whether this was a stop: backends throw all sorts of things when they are aborted.
      if (signal.aborted) return this.endStopped();
      if (!(thrown instanceof AppError) || thrown.cause !== undefined) {
        this.input.log.error({ err: thrown, generationId: this.generation.id }, 'a run failed');
      }
      return this.end({ status: 'failed', error: toPublicError(thrown) });
    } finally {
      release?.();
    }
  }

  private async answer(): Promise<RunEnd> {
    const { generation, model } = this.input;
    this.log.append({ type: 'run-start', messageIds: generation.messageIds, modelId: model.id });
    await unlessAborted(this.makeReady(), this.controller.signal);
    const prepared = await this.prepare();
    const reason = await this.writeAll(prepared).catch(async (thrown: unknown) => {
      if (!this.canBeShorter(thrown, prepared)) throw thrown;
      return this.writeAll(await this.prepare());
    });
    if (this.controller.signal.aborted) return this.endStopped();
    return this.end({ status: 'completed', ...(reason && { finishReason: reason }) });
  }

  private async prepare(): Promise<Prepared> {
    // Servers are asked for counts of tokens: a stop does not wait for them.
    const prepared = await unlessAborted(
      this.input.model.prepare(this.input.prepare),
      this.controller.signal,
    );
    this.record = prepared.record;
    this.log.append({ type: 'prepared', promptTokens: prepared.promptTokens, leftOut: prepared.leftOut });
    for (const warning of prepared.warnings ?? []) this.log.append({ type: 'warning', ...warning });
    return prepared;
  }

  /**
   * Whether the server refused the prompt for its length, and one that is made again will be shorter: sizes of prompts may
   * be estimates, and the context of a model may be smaller than its configuration says.
   */
  private canBeShorter(thrown: unknown, prepared: Prepared): boolean {
    const isRefused = thrown instanceof AppError && thrown.code === 'context-too-long';
    if (!isRefused || !this.onPrompt || this.controller.signal.aborted) return false;
    const { tokens, limit } = thrown.details ?? {};
    return this.input.model.learnTooLong(prepared, {
      ...(typeof tokens === 'number' && { tokens }),
      ...(typeof limit === 'number' && { limit }),
    });
  }

  /** Resolves when the model is loaded. */
  private makeReady(): Promise<void> {
    const { signal } = this.controller;
    return this.input.model.makeReady((fraction) => {
      if (!signal.aborted) this.log.append({ type: 'progress', label: 'loading', fraction });
    });
  }

  /** Writes all sequences of this run; returns why the model ended the last of them. */
  private async writeAll(prepared: Prepared): Promise<FinishReason | undefined> {
    const { generation, model } = this.input;
    let reason: FinishReason | undefined;
    for (const request of requestsFor(prepared.parameters, generation.messageIds.length, model.backend)) {
      reason = await this.write(request, prepared);
      if (this.controller.signal.aborted) break;
    }
    return reason;
  }

  /** Writes one or all of the sequences of this run; returns why the model ended the last of them. */
  private async write(
    { first, parameters }: ChoiceRequest,
    prepared: Prepared,
  ): Promise<FinishReason | undefined> {
    const { owner, generation, model, readFile } = this.input;
    const { sharedPrefix } = prepared;
    let reason: FinishReason | undefined;
    for await (const event of model.backend.generate({
      ...prepared.input,
      parameters,
      signal: this.controller.signal,
      readFile,
      cache: { scope: `${owner}/${generation.conversationId}`, ...(sharedPrefix && { sharedPrefix }) },
    })) {
      // What is not known is told before the server is asked.
      if (event.type !== 'warning') this.tellPrompt();
      if (event.type === 'finish') {
        if (event.usage) model.learn(prepared.input, event.usage.promptTokens);
        reason = event.reason;
        this.usage = addUsage(this.usage, event.usage);
      } else if (event.type === 'delta') {
        this.firstTextMs ??= performance.now() - this.startedAtMs;
        this.reasoning.note(event.kind);
        this.log.append({ ...event, choice: first + event.choice });
      } else if (event.type === 'tool-call' || event.type === 'prompt-logprobs')
        this.log.append({ ...event, choice: first + event.choice });
      else this.log.append(event);
    }
    this.tellPrompt();
    if (reason === undefined && !this.controller.signal.aborted) {
      throw new AppError('backend-protocol', 'The model server ended the answer without saying so.');
    }
    return reason;
  }

  /** Once: the prompt that the backend took. One that it refused may be followed by another. */
  private tellPrompt(): void {
    if (!this.record) return;
    this.onPrompt?.(this.record);
    this.onPrompt = undefined;
  }

  private endStopped(): RunEnd {
    const { status, throughSeq, error } = this.stopped ?? { status: 'stopped' };
    // Set even when it is the last entry now: a delta that waits to be merged would come after it.
    const through = throughSeq !== undefined && { throughSeq: Math.min(throughSeq, this.log.lastSeq) };
    return this.end({ status, ...through, ...(error && { error }) });
  }

  private end(end: Omit<RunEnd, 'type'>): RunEnd {
    const reasoningMs = this.reasoning.stop();
    const usage: Usage = {
      promptTokens: 0,
      completionTokens: 0,
      ...this.usage,
      durationMs: Math.round(performance.now() - this.startedAtMs),
      ...(this.firstTextMs !== undefined && { firstTextMs: Math.round(this.firstTextMs) }),
      ...(reasoningMs !== undefined && { reasoningMs: Math.round(reasoningMs) }),
    };
    return { type: 'run-end', ...end, ...(this.usage && { usage }) };
  }
}

/** One request to a backend: for all sequences of a run, or for one of them. */
interface ChoiceRequest {
  /** The sequence that the backend's first is. */
  first: number;
  parameters: GenerationParameters;
}

/** A backend that writes one answer at a time is asked again for each, with a seed of its own if there is one. */
function requestsFor(
  { num_return_sequences: _count, ...parameters }: GenerationParameters,
  count: number,
  { writesChoices }: Backend,
): ChoiceRequest[] {
  if (count === 1) return [{ first: 0, parameters }];
  if (writesChoices) return [{ first: 0, parameters: { ...parameters, num_return_sequences: count } }];
  const { seed } = parameters;
  return Array.from({ length: count }, (_, first) => ({
    first,
    parameters: seed === undefined ? parameters : { ...parameters, seed: seed + first },
  }));
}

/** The sum over the sequences of a run. */
function addUsage(sum: BackendUsage | undefined, next: BackendUsage | undefined): BackendUsage | undefined {
  if (!sum || !next) return sum ?? next;
  return {
    promptTokens: sum.promptTokens,
    completionTokens: sum.completionTokens + next.completionTokens,
    cachedTokens: (sum.cachedTokens ?? 0) + (next.cachedTokens ?? 0),
  };
}
