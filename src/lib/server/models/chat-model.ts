import { AppError } from '../../domain/errors';
import type { ModelAvailability, ModelSummary } from '../../domain/model-summary';
import {
  describeParameter,
  parameterNames,
  parameterTable,
  type GenerationParameters,
} from '../../domain/parameters';
import type { Measure } from '../../domain/prompt';
import type { Backend } from '../backends/backend';
import type { ModelFolder } from '../backends/local/model-folder';
import { ChatTemplate } from './chat-template';
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
import { PromptMaker } from './prompt-maker';
import { TokenCounter } from './token-counter';

/** Of a server that does not say. */
const defaultContextLength = 8192;

/** What is known of a model once its files are read. */
interface Loaded {
  contextLength: number;
  parameters: GenerationParameters;
  prompts: PromptMaker;
}

/** A model that chats: a configuration entry, its backend and, where it has one, its folder. */
export class ChatModel implements Model {
  readonly id: string;
  private readonly counter: TokenCounter;
  private loaded: Loaded | undefined;
  private fault: { reason: string; remedy: string } | undefined;

  constructor(
    private readonly config: ModelConfig,
    readonly backend: Backend,
    private readonly readFolder: (() => Promise<ModelFolder>) | undefined,
  ) {
    this.id = config.id;
    this.counter = new TokenCounter(backend);
  }

  summary(): ModelSummary {
    const { name, description = '', systemPrompt, isBundled = false } = this.config;
    return {
      id: this.id,
      name: name ?? this.id.split('/').at(-1) ?? this.id,
      description,
      contextLength: this.loaded?.contextLength ?? defaultContextLength,
      parameters: this.loaded?.parameters ?? {},
      ...(systemPrompt !== undefined && { systemPrompt }),
      supportedParameters: parameterNames.filter((parameter) =>
        describeParameter(parameter).knownTo.includes(this.backend.type),
      ),
      canCompleteRaw: this.canCompleteRaw,
      availability: this.availability(),
      isBundled,
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

  /** Reads what there is to read and makes the backend ready. */
  async warmUp(): Promise<void> {
    await this.load();
    if (this.loaded) await this.backend.warmUp();
  }

  async ensureFits(text: string, settings: SettingsOverModel): Promise<void> {
    await (await this.needLoaded()).prompts.ensureFits(text, settings);
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

  private availability(): ModelAvailability {
    return this.fault ? { state: 'unavailable', ...this.fault } : this.backend.state();
  }

  private async needLoaded(): Promise<Loaded> {
    await this.load();
    if (this.loaded) return this.loaded;
    throw new AppError('model-unavailable', `${this.fault?.reason ?? ''} ${this.fault?.remedy ?? ''}`.trim());
  }

  private async load(): Promise<void> {
    if (this.loaded) return;
    try {
      this.loaded = await this.readLoaded();
      this.fault = undefined;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.fault = { reason: thrown.message, remedy: String(thrown.details?.remedy ?? '') };
    }
  }

  private async readLoaded(): Promise<Loaded> {
    const { config, counter } = this;
    const folder = await this.readFolder?.();
    const template = config.chatTemplate ?? folder?.chatTemplate;
    const contextLength = config.contextLength ?? folder?.contextLength ?? defaultContextLength;
    const parameters = { ...defaultParameters, ...folder?.parameters, ...config.parameters };
    const { systemPrompt } = config;
    return {
      contextLength,
      parameters,
      prompts: new PromptMaker({
        contextLength,
        canCompleteRaw: this.canCompleteRaw,
        own: systemPrompt === undefined ? { parameters } : { systemPrompt, parameters },
        counter,
        template: template === undefined ? undefined : templateOf(template, folder),
      }),
    };
  }
}

function templateOf(template: string, folder: ModelFolder | undefined): ChatTemplate {
  return new ChatTemplate({
    template,
    bosToken: folder?.bosToken,
    eosToken: folder?.eosToken,
    specialTokens: folder?.specialTokens ?? [],
  });
}

const defaultParameters: GenerationParameters = {
  max_new_tokens: parameterTable.max_new_tokens.default,
};
