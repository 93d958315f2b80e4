import { limitParameters, type ParameterLimits } from '../../domain/parameter-limits';
import { textOf } from '../../domain/parts';
import type { Measure, RenderedPrompt } from '../../domain/prompt';
import { resolveSettings, type Settings } from '../../domain/settings';
import type { GenerateInput } from '../backends/backend';
import type { ChatTemplate } from './chat-template';
import type {
  MeasureInput,
  Prepared,
  PrepareInput,
  Prompts,
  RenderedAgain,
  RenderInput,
  SettingsOverModel,
} from './model';
import { PromptFitter, tooLong, withoutFrame } from './prompt-fitter';
import { promptHash, renderedText, renderInput } from './rendering';
import type { Count, TokenCounter } from './token-counter';

export interface PromptMakerOptions {
  contextLength: number;
  /** The model's own settings, under all others. */
  own: Settings;
  /** What people may set; absent: all that there is. */
  limits?: ParameterLimits;
  template: ChatTemplate | undefined;
  /** Whether a server that has the template itself takes system prompts; it does unless this is `false`. */
  systemRole?: boolean;
  counter: TokenCounter;
  /** Whether the backend goes on from a plain text; where it does not, nothing is a raw completion. */
  canCompleteRaw: boolean;
}

/** Makes the prompts of a model that chats, once its files are read. */
export class PromptMaker implements Prompts {
  private readonly count: Count = (text) => this.options.counter.count(text);
  /** Of the prompts with the model's own system prompt, which does not change. */
  private beginning: string | undefined;

  constructor(private readonly options: PromptMakerOptions) {}

  async ensureFits(text: string, layers: SettingsOverModel): Promise<void> {
    const { settings, fitter } = this.fitting(layers, this.count);
    const limit = fitter.roomFor(settings.parameters);
    // A token is never shorter than a byte of the text that it stands for, so short texts need no count.
    if (Buffer.byteLength(text) + Buffer.byteLength(settings.systemPrompt ?? '') < limit / 2) return;
    const alone = await fitter.alone(text, settings);
    if (alone.tokens > limit) throw tooLong(alone);
  }

  async prepare({ path, settings: layers, prefix }: PrepareInput): Promise<Prepared> {
    const { settings, fitter } = this.fitting(layers, this.count);
    const { input, promptTokens, answerTokens, leftOut } = await fitter.fit({ path, settings, prefix });
    const { max_new_tokens: asked } = settings.parameters;
    // A server that takes messages knows how long its model may write, and some refuse a limit above their own.
    const isUnlimited = asked === undefined && input.kind === 'messages';
    const parameters = { ...settings.parameters, ...(!isUnlimited && { max_new_tokens: answerTokens }) };
    const { systemPrompt, isRaw } = settings;
    const record = {
      hash: promptHash(input),
      ...(systemPrompt !== undefined && { systemPrompt }),
      ...(isRaw && { isRaw }),
      parameters,
      leftOut,
    };
    const sharedPrefix = this.sharedPrefix(settings, input);
    return { input, parameters, promptTokens, leftOut, ...(sharedPrefix && { sharedPrefix }), record };
  }

  /** What the operator's system prompt makes of the prompt's beginning; nobody else's is shared. */
  private sharedPrefix(
    { systemPrompt = '', isRaw, sources }: ReturnType<PromptMaker['fitting']>['settings'],
    input: GenerateInput,
  ): string | undefined {
    if (sources.systemPrompt !== 'model' || systemPrompt === '' || isRaw || input.kind !== 'prompt')
      return undefined;
    this.beginning ??= this.options.template?.beginning(systemPrompt);
    const { beginning } = this;
    return beginning !== undefined && input.prompt.startsWith(beginning) ? beginning : undefined;
  }

  async measure({ path, settings: layers }: MeasureInput): Promise<Measure> {
    const { contextLength, counter, template } = this.options;
    let isWhole = true;
    const count: Count = (text) => counter.countInPieces(text, () => (isWhole = false));
    const { settings, fitter } = this.fitting(layers, count);
    // Without a template it is the server that puts something around the messages.
    const isSeen = template !== undefined || settings.isRaw;
    const alone = await fitter.alone(textOf(path.at(-1)?.parts ?? []), settings);
    if (alone.tokens > alone.limit) {
      return {
        contextLength,
        promptTokens: alone.tokens,
        answerTokens: 0,
        leftOut: 0,
        tooLong: alone,
        isExact: counter.isExact && isSeen && isWhole,
      };
    }
    const prefix = settings.answerStart ?? '';
    const { promptTokens, answerTokens, leftOut } = await fitter.fit({ path, settings, prefix });
    return {
      contextLength,
      promptTokens,
      answerTokens,
      leftOut,
      isExact: counter.isExact && isSeen && isWhole,
    };
  }

  async renderAgain({ path, prefix, record }: RenderInput): Promise<RenderedAgain> {
    const { template, systemRole } = this.options;
    const messages = path.slice(record.leftOut);
    const { systemPrompt, isRaw = false } = record;
    const input = renderInput(template, {
      systemPrompt,
      messages,
      prefix,
      isRaw,
      ...(systemRole !== undefined && { systemRole }),
    });
    const prompt: RenderedPrompt = {
      kind: input.kind === 'prompt' ? 'text' : 'messages',
      text: renderedText(input),
      specialTokens: [...(template?.specialTokens ?? [])],
    };
    return { prompt, isSame: promptHash(input) === record.hash };
  }

  learn(input: GenerateInput, promptTokens: number): void {
    const { texts, tokens } = withoutFrame(input);
    this.options.counter.learn(texts, promptTokens - tokens);
  }

  private fitting(layers: SettingsOverModel, count: Count) {
    const { contextLength, template, systemRole, own, limits = {}, canCompleteRaw } = this.options;
    const role = systemRole === undefined ? {} : { systemRole };
    const fitter = new PromptFitter({ contextLength, template, count, ...role });
    const resolved = resolveSettings({ ...layers, model: own });
    const isRaw = canCompleteRaw && resolved.isRaw === true;
    const systemPrompt = isRaw ? undefined : resolved.systemPrompt;
    const parameters = limitParameters(resolved.parameters, own.parameters ?? {}, limits);
    return { settings: { ...resolved, parameters, systemPrompt, isRaw }, fitter };
  }
}
