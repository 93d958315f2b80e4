import type { ConversationSettings } from '../../domain/conversation';
import { AppError } from '../../domain/errors';
import type { ModelAvailability, ModelSummary } from '../../domain/model-summary';
import { describeParameter, parameterNames, type GenerationParameters } from '../../domain/parameters';
import { textOf } from '../../domain/parts';
import type { Backend, PromptMessage } from '../backends/backend';
import type { ModelFolder } from '../backends/local/model-folder';
import { ChatTemplate, promptMessages } from './chat-template';
import { fitContext, nextTurn } from './fit-context';
import type { Model, Prepared, PrepareInput } from './model';
import type { ModelConfig } from './model-config';
import { TokenCounter } from './token-counter';

/** Of a server that does not say. */
const defaultContextLength = 8192;
/** Share of the context that is kept free for the answer, unless it may be shorter than that. */
const answerShare = 0.25;
/** About what a chat template puts around a message. */
const tokensAroundMessage = 8;

/** What is known of a model once its files are read. */
interface Loaded {
  contextLength: number;
  parameters: GenerationParameters;
  template: ChatTemplate | undefined;
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
    const { name, description = '', isBundled = false } = this.config;
    return {
      id: this.id,
      name: name ?? this.id.split('/').at(-1) ?? this.id,
      description,
      contextLength: this.loaded?.contextLength ?? defaultContextLength,
      parameters: this.loaded?.parameters ?? {},
      supportedParameters: parameterNames.filter((parameter) =>
        describeParameter(parameter).knownTo.includes(this.backend.type),
      ),
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

  async ensureFits(text: string, settings: ConversationSettings): Promise<void> {
    const { contextLength } = await this.needLoaded();
    const limit = this.roomFor(contextLength, settings.parameters ?? {});
    // A token is never shorter than a byte of the text that it stands for, so short texts need no count.
    if (Buffer.byteLength(text) + Buffer.byteLength(settings.systemPrompt ?? '') < limit / 2) return;
    const system = await this.counter.count(this.systemPromptOf(settings) ?? '');
    const tokens = (await this.counter.count(text)) + system + 2 * tokensAroundMessage;
    if (tokens <= limit) return;
    throw new AppError('context-too-long', 'This message is longer than the model can read.', {
      details: { tokens, limit },
    });
  }

  async prepare({ path, settings, parameters, prefix }: PrepareInput): Promise<Prepared> {
    const { contextLength, template, parameters: defaults } = await this.needLoaded();
    const chosen = { ...defaults, ...settings.parameters, ...parameters };
    const room = this.roomFor(contextLength, chosen);
    const systemPrompt = this.systemPromptOf(settings);
    const systemTokens = await this.tokensOfMessage(systemPrompt ?? '');
    const sized = await this.measure(path);
    const prefixTokens = await this.counter.count(prefix);
    let leftOut = fitContext(sized, room - systemTokens - prefixTokens);
    for (;;) {
      const messages = promptMessages(systemPrompt, path.slice(leftOut));
      const prompt = template?.render(messages, prefix);
      const promptTokens = await this.countPrompt(prompt, messages, prefix);
      const next = nextTurn(sized, leftOut);
      // The sizes of single messages are close to, but not exactly, what the template makes of them.
      if (promptTokens > contextLength - 1 && next !== undefined) {
        leftOut = next;
        continue;
      }
      if (promptTokens > contextLength - 1) throw tooLong(promptTokens, contextLength);
      const longest = contextLength - promptTokens;
      return {
        input: prompt === undefined ? { kind: 'messages', messages, prefix } : { kind: 'prompt', prompt },
        parameters: { ...chosen, max_new_tokens: Math.min(chosen.max_new_tokens ?? longest, longest) },
        promptTokens,
        leftOut,
      };
    }
  }

  private availability(): ModelAvailability {
    return this.fault ? { state: 'unavailable', ...this.fault } : this.backend.state();
  }

  private systemPromptOf(settings: ConversationSettings): string | undefined {
    return settings.systemPrompt ?? this.config.systemPrompt;
  }

  /** Tokens that a prompt may have, so that an answer has room after it. */
  private roomFor(contextLength: number, { max_new_tokens }: GenerationParameters): number {
    const forAnswer = Math.floor(contextLength * answerShare);
    return contextLength - Math.min(max_new_tokens ?? forAnswer, forAnswer);
  }

  private measure(path: PrepareInput['path']) {
    return Promise.all(
      path.map(async ({ role, parts }) => ({ role, tokens: await this.tokensOfMessage(textOf(parts)) })),
    );
  }

  private async tokensOfMessage(text: string): Promise<number> {
    return (await this.counter.count(text)) + tokensAroundMessage;
  }

  private async countPrompt(
    prompt: string | undefined,
    messages: PromptMessage[],
    prefix: string,
  ): Promise<number> {
    if (prompt !== undefined) return this.counter.count(prompt);
    const counts = await Promise.all(messages.map(({ content }) => this.tokensOfMessage(content)));
    return counts.reduce((total, count) => total + count, await this.counter.count(prefix));
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
    const { config } = this;
    const folder = await this.readFolder?.();
    const template = config.chatTemplate ?? folder?.chatTemplate;
    return {
      contextLength: config.contextLength ?? folder?.contextLength ?? defaultContextLength,
      parameters: { ...defaultParameters, ...folder?.parameters, ...config.parameters },
      template:
        template === undefined
          ? undefined
          : new ChatTemplate({
              template,
              bosToken: folder?.bosToken,
              eosToken: folder?.eosToken,
              specialTokens: folder?.specialTokens ?? [],
            }),
    };
  }
}

const defaultParameters: GenerationParameters = {
  max_new_tokens: describeParameter('max_new_tokens').default ?? 1024,
};

function tooLong(tokens: number, limit: number): AppError {
  return new AppError('context-too-long', 'This message is longer than the model can read.', {
    details: { tokens, limit },
  });
}
