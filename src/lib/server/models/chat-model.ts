import { AppError } from '../../domain/errors';
import type { ImageLimits, ModelAvailability, ModelSummary } from '../../domain/model-summary';
import type { Part } from '../../domain/parts';
import type { Measure } from '../../domain/prompt';
import type { Backend } from '../backends/backend';
import type { FolderFacts } from '../backends/local/model-folder';
import type {
  MeasureInput,
  Model,
  Prepared,
  PrepareInput,
  RenderedAgain,
  RenderInput,
  SettingsOverModel,
} from './model';
import type { ModelConfig } from './model-config';
import { defaultContextLength, promptsOf, type Loaded } from './loaded';
import { TokenCounter } from './token-counter';

/** A usable model: a configuration entry, its backend and, where it has one, its folder. */
export class ChatModel implements Model {
  readonly id: string;
  private readonly counter: TokenCounter;
  private loaded: Loaded | undefined;
  private fault: { reason: string; remedy: string } | undefined;

  constructor(
    private readonly config: ModelConfig,
    readonly backend: Backend,
    private readonly readFolder: (() => Promise<FolderFacts>) | undefined,
  ) {
    this.id = config.id;
    this.counter = new TokenCounter(backend);
  }

  summary(): ModelSummary {
    const { name, description, systemPrompt, isBundled = false } = this.config;
    const descriptions = [description, this.loaded?.description].filter((text) => text !== undefined);
    return {
      id: this.id,
      name: name ?? this.id.split('/').at(-1) ?? this.id,
      description: descriptions.join(' '),
      contextLength: this.loaded?.contextLength ?? defaultContextLength,
      parameters: this.loaded?.parameters ?? {},
      ...(systemPrompt !== undefined && { systemPrompt }),
      supportedParameters: [...this.backend.supportedParameters],
      canCompleteRaw: this.canCompleteRaw,
      canContinue: this.backend.accepts.some((kind) => kind !== 'text2text'),
      capabilities: { completion: this.canCompleteRaw, ...(this.images && { images: this.images }) },
      availability: this.availability(),
      isBundled,
      origin: this.backend.type === 'local' ? 'local' : 'listed',
    };
  }

  async ensureAvailable(): Promise<void> {
    await this.load();
    const available = this.availability();
    if (available.state !== 'unavailable') return;
    // What failed at the start may have been put right: a folder repaired, a server back.
    const again = this.loaded ? await this.backend.warmUp() : available;
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
    if (this.loaded) await this.backend.warmUp();
  }

  async makeReady(onProgress: (fraction: number) => void): Promise<void> {
    await this.needLoaded();
    const state = await this.backend.warmUp(onProgress);
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

  private get canCompleteRaw(): boolean {
    return this.backend.accepts.includes('prompt');
  }

  private get images(): ImageLimits | undefined {
    return this.backend.facts?.().capabilities?.images;
  }

  private availability(): ModelAvailability {
    if (this.fault) return { state: 'unavailable', ...this.fault };
    return this.loaded ? this.backend.state() : { state: 'loading' };
  }

  private async needLoaded(): Promise<Loaded> {
    await this.load();
    if (this.loaded) return this.loaded;
    throw new AppError('model-unavailable', `${this.fault?.reason ?? ''} ${this.fault?.remedy ?? ''}`.trim());
  }

  private async load(): Promise<void> {
    if (this.loaded) return;
    const { counter, canCompleteRaw } = this;
    const images = () => this.images;
    try {
      this.loaded = promptsOf(this.config, await this.readFolder?.(), { counter, canCompleteRaw, images });
      this.fault = undefined;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.fault = { reason: thrown.message, remedy: String(thrown.details?.remedy ?? '') };
    }
  }
}
