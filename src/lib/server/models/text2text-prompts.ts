import { AppError } from '../../domain/errors';
import type { Message } from '../../domain/message';
import type { Text2textChoice } from '../../domain/model-summary';
import { limitParameters, type ParameterLimits } from '../../domain/parameter-limits';
import { textOf, type Part } from '../../domain/parts';
import type { Measure } from '../../domain/prompt';
import { resolveSettings, type Settings } from '../../domain/settings';
import type { GenerateInput } from '../backends/backend';
import type {
  MeasureInput,
  Prepared,
  PrepareInput,
  Prompts,
  RenderedAgain,
  RenderInput,
  SettingsOverModel,
} from './model';
import { tooLong } from './prompt-fitter';
import { promptHash } from './rendering';
import type { TokenCounter } from './token-counter';

export interface Text2textOptions {
  /** Tokens that the encoder reads. */
  contextLength: number;
  /** The model's own settings, under all others. */
  own: Settings;
  /** What people may set; absent: all that there is. */
  limits?: ParameterLimits;
  counter: TokenCounter;
  /** What people may choose; the first counts until they do. */
  choices?: readonly Text2textChoice[];
}

/** The end-of-text token that an encoder reads after the text. */
const endTokens = 1;

/** Makes the prompts of a model that turns one text into another: the message itself, and none that came before. */
export class Text2textPrompts implements Prompts {
  constructor(private readonly options: Text2textOptions) {}

  async ensureFits(parts: readonly Part[]): Promise<void> {
    const text = textOf(parts);
    const { contextLength } = this.options;
    // A token is never shorter than a byte of the text that it stands for, so short texts need no count (nor a model).
    if (Buffer.byteLength(text) + endTokens <= contextLength) return;
    const tokens = await this.sizeOf(text);
    if (tokens > contextLength) throw tooLong({ tokens, limit: contextLength });
  }

  async prepare({ path, settings, prefix }: PrepareInput): Promise<Prepared> {
    if (prefix !== '')
      throw new AppError('invalid-input', 'This model writes whole answers only: it cannot go on with one.');
    const { contextLength } = this.options;
    const { parameters, input } = this.asked(path, settings);
    const promptTokens = await this.sizeOf(input.text);
    if (promptTokens > contextLength) throw tooLong({ tokens: promptTokens, limit: contextLength });
    return {
      input,
      parameters,
      promptTokens,
      leftOut: 0,
      record: {
        hash: promptHash(input),
        ...(input.task !== undefined && { task: input.task }),
        parameters,
        leftOut: 0,
      },
    };
  }

  async measure({ path, settings }: MeasureInput): Promise<Measure> {
    const { contextLength, counter } = this.options;
    const { parameters, input } = this.asked(path, settings);
    const promptTokens = await this.sizeOf(input.text);
    const isTooLong = promptTokens > contextLength;
    return {
      contextLength,
      promptTokens,
      answerTokens: isTooLong ? 0 : (parameters.max_new_tokens ?? contextLength),
      leftOut: 0,
      ...(isTooLong && { tooLong: { tokens: promptTokens, limit: contextLength } }),
      isExact: counter.isExact,
    };
  }

  renderAgain({ path, record }: RenderInput): Promise<RenderedAgain> {
    const input = this.inputOf(path, record.task);
    return Promise.resolve({
      prompt: { kind: 'text', text: input.text, specialTokens: [] },
      isSame: promptHash(input) === record.hash,
    });
  }

  learn(input: GenerateInput, promptTokens: number): void {
    if (input.kind === 'text2text') this.options.counter.learn([input.text], promptTokens - endTokens);
  }

  private asked(path: readonly Message[], settings: SettingsOverModel) {
    const { own, limits = {} } = this.options;
    const { parameters, task } = resolveSettings({ ...settings, model: own });
    return {
      input: this.inputOf(path, task),
      parameters: limitParameters(parameters, own.parameters ?? {}, limits),
    };
  }

  private async sizeOf(text: string): Promise<number> {
    return (await this.options.counter.count(text)) + endTokens;
  }

  /** The last thing that the person said, and what is to be done with it. */
  private inputOf(
    path: readonly Message[],
    chosen: string | undefined,
  ): GenerateInput & { kind: 'text2text' } {
    const { choices = [] } = this.options;
    const choice = choices.find(({ id }) => id === chosen) ?? choices[0];
    const question = path.findLast(({ role }) => role === 'user');
    const text = `${choice?.prefix ?? ''}${textOf(question?.parts ?? [])}`;
    return { kind: 'text2text', text, ...(choice && { task: choice.id }) };
  }
}
