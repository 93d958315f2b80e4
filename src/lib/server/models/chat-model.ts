import { AppError } from '../../domain/errors';
import type { ModelAvailability, ModelCapabilities, ModelSummary } from '../../domain/model-summary';
import type { Part } from '../../domain/parts';
import type { Measure } from '../../domain/prompt';
import type { Backend, BackendFacts, GenerateInput } from '../backends/backend';
import type {
  MeasureInput,
  Model,
  Prepared,
  PrepareInput,
  RenderedAgain,
  RenderInput,
  SettingsOverModel,
} from './model';
import type { ModelConfig, ModelFault } from './model-config';
import { isOperators, promptsOf, type Loaded } from './loaded';
import { summaryOf } from './summary';
import { TokenCounter } from './token-counter';
import type { NamedTokenizer } from './named-tokenizer';

/** A usable model: a configuration entry, its backend and, where it has one, its folder. */
export class ChatModel implements Model {
  readonly id: string;
  /** Why the server that offered it cannot be asked now; whoever asks that server sets it. */
  serverFault: ModelFault | undefined;
  private readonly counter: TokenCounter;
  /** The longest that its server takes, if it once refused something shorter than it was said to take. */
  private contextLimit: number | undefined;
  private loaded: { from: BackendFacts | undefined; made: Loaded } | undefined;
  private fault: ModelFault | undefined;
  private wasAsked = false;
  private holders = 0;
  private isRemoved = false;

  constructor(
    private readonly config: ModelConfig,
    readonly backend: Backend,
    /** Counts instead of the backend. */
    private readonly tokenizer?: NamedTokenizer,
  ) {
    this.id = config.id;
    this.counter = new TokenCounter(tokenizer ?? backend);
  }

  summary(): ModelSummary {
    const { config, backend, capabilities } = this;
    return summaryOf(config, {
      backend,
      loaded: this.loaded?.made,
      capabilities,
      availability: this.availability(),
    });
  }

  async ensureAvailable(): Promise<void> {
    await this.load();
    const available = this.availability();
    if (available.state !== 'unavailable') return;
    // What failed at the start may have been put right: a folder repaired, a server back.
    const again = this.loaded ? await this.askBackend() : available;
    if (again.state !== 'unavailable') return;
    const { reason, remedy } = again;
    throw new AppError('model-unavailable', `${reason} ${remedy}`);
  }

  /** Reads what there is to read, so that the summary is whole; faults are in it. */
  async readFiles(): Promise<void> {
    await this.load();
  }

  /** Reads what there is to read and makes the backend ready; faults are in the summary. */
  async warmUp(): Promise<void> {
    await this.load();
    if (this.loaded) await this.askBackend();
    await this.load();
  }

  async makeReady(onProgress: (fraction: number) => void): Promise<void> {
    await this.needLoaded();
    const state = await this.askBackend(onProgress);
    if (state.state === 'unavailable')
      throw new AppError('model-unavailable', `${state.reason} ${state.remedy}`);
  }

  async ensureFits(parts: readonly Part[], settings: SettingsOverModel): Promise<void> {
    await (await this.needLoaded()).prompts.ensureFits(parts, settings);
  }

  async prepare(input: PrepareInput): Promise<Prepared> {
    return (await this.needLoaded()).prompts.prepare(input);
  }

  async measure(input: MeasureInput): Promise<Measure> {
    return (await this.needLoaded()).prompts.measure(input);
  }

  async renderAgain(input: RenderInput): Promise<RenderedAgain> {
    return (await this.needLoaded()).prompts.renderAgain(input);
  }

  learn(input: GenerateInput, promptTokens: number): void {
    this.loaded?.made.prompts.learn(input, promptTokens);
  }

  learnTooLong(
    { input, promptTokens }: Prepared,
    { tokens, limit }: { tokens?: number; limit?: number },
  ): boolean {
    if (tokens !== undefined) this.learn(input, tokens);
    const isCountWrong = tokens !== undefined && tokens > promptTokens && !this.counter.isExact;
    const isContextWrong = limit !== undefined && this.narrowTo(limit);
    return isCountWrong || isContextWrong;
  }

  hold(): () => void {
    this.holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.holders -= 1;
      if (this.holders === 0 && this.isRemoved) void this.close();
    };
  }

  /** It is not offered any more: its backend closes once nobody holds it. */
  remove(): void {
    this.isRemoved = true;
    if (this.holders === 0) void this.close();
  }

  async close(): Promise<void> {
    await Promise.all([this.backend.close(), this.tokenizer?.close()]);
  }

  private get capabilities(): ModelCapabilities {
    const { accepts } = this.backend;
    const said = this.backend.facts?.().capabilities;
    const { capabilities: own } = this.config;
    const known = isOperators(this.config) ? { ...said, ...own } : { ...own, ...said };
    return { ...known, completion: accepts.includes('prompt') && known.completion !== false };
  }

  /** Another text when something that can change of the summary has changed. */
  signature(): string {
    const { contextLength, description } = this.loaded?.made ?? {};
    return JSON.stringify([this.availability(), contextLength, description, this.capabilities]);
  }

  /** Whether it can answer, as far as is known. */
  availability(): ModelAvailability {
    const fault = this.fault ?? this.serverFault;
    if (fault) return { state: 'unavailable', ...fault };
    if (!this.loaded) return { state: 'loading' };
    const state = this.backend.state();
    // Its server has just said that it is there, and the first request asks it the rest.
    const isOffered = !isOperators(this.config) && !this.wasAsked;
    return isOffered && state.state === 'loading' ? { state: 'ready' } : state;
  }

  private narrowTo(limit: number): boolean {
    const { loaded } = this;
    if (!loaded || limit >= loaded.made.contextLength) return false;
    this.contextLimit = limit;
    this.loaded = undefined;
    return true;
  }

  private askBackend(onProgress?: (fraction: number) => void) {
    this.wasAsked = true;
    return this.backend.warmUp(onProgress);
  }

  private async needLoaded(): Promise<Loaded> {
    await this.load();
    if (this.loaded) return this.loaded.made;
    throw new AppError('model-unavailable', `${this.fault?.reason ?? ''} ${this.fault?.remedy ?? ''}`.trim());
  }

  /** Puts together what is known, and again when the server says something else. */
  private async load(): Promise<void> {
    const from = this.backend.facts?.();
    if (this.loaded && this.loaded.from === from) return;
    const { counter, contextLimit, capabilities } = this;
    const { accepts } = this.backend;
    try {
      await this.tokenizer?.open();
      const known = {
        counter,
        accepts,
        capabilities,
        ...(from && { facts: from }),
        ...(contextLimit !== undefined && { contextLimit }),
      };
      this.loaded = { from, made: promptsOf(this.config, await this.backend.readFolder?.(), known) };
      this.fault = undefined;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.fault = { reason: thrown.message, remedy: String(thrown.details?.remedy ?? '') };
    }
  }
}
