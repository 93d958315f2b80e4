import { AppError } from '../../domain/errors';
import { parametersKnownTo, unknownParameters } from '../../domain/known-parameters';
import type { GenerationParameters, ParameterName } from '../../domain/parameters';
import {
  untilAborted,
  type Backend,
  type BackendDefinition,
  type BackendEvent,
  type BackendFacts,
  type BackendState,
  type BackendUsage,
  type GenerateRequest,
  type PromptImage,
} from './backend';
import { createTransport } from './http/http-transport';
import { reasoningApart } from './reasoning-events';
import { Answer } from './tgi/answer';
import { imageLimitsOf, roomOf, serversOf, tgiConfigSchema, type TgiConfig } from './tgi/config';
import { TgiFault, toAppError } from './tgi/fault';
import { factsOf, taskOf, type TgiTask } from './tgi/info';
import { inputsWithImages, type Inputs } from './tgi/inputs';
import { TgiServer } from './tgi/server';

export type { TgiConfig } from './tgi/config';

/** Text Generation Inference over its own routes, `/generate_stream` and `/generate`; prompts are rendered here. */
export const tgiBackend: BackendDefinition<TgiConfig> = {
  type: 'tgi',
  schema: tgiConfigSchema,
  create: (config, context) =>
    new TgiBackend(config, new TgiServer(createTransport(serversOf(config), context))),
};

class TgiBackend implements Backend {
  readonly type = 'tgi';
  readonly writesChoices = false;
  readonly maxConcurrency?: number;
  private known: (Pick<TgiServer, 'info' | 'rendersChats'> & { facts: BackendFacts }) | undefined;

  constructor(
    private readonly config: TgiConfig,
    private readonly server: TgiServer,
  ) {
    if (config.maxConcurrency !== undefined) this.maxConcurrency = config.maxConcurrency;
  }

  get accepts(): Backend['accepts'] {
    if (this.task === 'text2text-generation') return ['text2text'];
    return this.server.rendersChats ? ['messages', 'prompt'] : ['prompt'];
  }

  get supportedParameters(): readonly ParameterName[] {
    return parametersKnownTo('tgi').filter((name) => name !== 'best_of' || this.server.bestOf > 1);
  }

  generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    return untilAborted(request.signal, this.answer(request), {
      redact: (text) => this.server.redact(text),
      onFault: (thrown) => {
        const isGuided = request.parameters.grammar !== undefined;
        const fault = thrown instanceof TgiFault ? toAppError(thrown, isGuided) : thrown;
        if (fault instanceof AppError) this.server.failed(fault);
        return fault;
      },
    });
  }

  countTokens(text: string): Promise<number | undefined> {
    return text === '' ? Promise.resolve(0) : this.server.tokenizer.count(text);
  }

  facts(): BackendFacts {
    const { info, rendersChats } = this.server;
    const { known } = this;
    if (known?.info === info && known?.rendersChats === rendersChats) return known.facts;
    const facts = factsOf(info, this.task, imageLimitsOf(this.config));
    this.known = { info, rendersChats, facts };
    return facts;
  }

  warmUp(): Promise<BackendState> {
    return this.server.check();
  }

  state(): BackendState {
    return this.server.state;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private get task(): TgiTask {
    const { info } = this.server;
    return this.config.task ?? (info ? taskOf(info) : 'text-generation');
  }

  private async *answer(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const { parameters, signal } = request;
    for (const name of unknownParameters(parameters, this.supportedParameters)) {
      yield {
        type: 'warning',
        code: 'unknown-parameter',
        text: `Text Generation Inference does not know ${name}.`,
      };
    }
    if (signal.aborted) return;
    const { text, leftOut } = await this.inputsOf(request);
    if (leftOut > 0) yield { type: 'warning', code: 'images-left-out', text: this.withoutImages(leftOut) };
    yield* reasoningApart(request, this.answerTo(text, request), text);
  }

  private async *answerTo(
    text: string,
    { parameters, signal }: GenerateRequest,
  ): AsyncGenerator<BackendEvent> {
    const { plan, events } = await this.server.begin(text, this.withoutUnknown(parameters), signal);
    const answer = new Answer({ stop: parameters.stop ?? [], alternatives: parameters.top_logprobs });
    const changes = [...plan.changes];
    for await (const event of events) {
      // Told in here: whoever leaves at one of them, too, lets go of the connection.
      for (const change of changes.splice(0))
        yield { type: 'warning', code: 'parameter-changed', text: change };
      yield* answer.push(event);
      if (answer.reason) break;
    }
    const usage = await this.usageOf(answer, { text, signal, truncate: plan.parameters.truncate });
    yield { type: 'finish', reason: answer.reason ?? 'stop', ...(usage && { usage }) };
  }

  /** What one warning is said of already is not asked for. */
  private withoutUnknown(parameters: GenerationParameters): GenerationParameters {
    const { best_of: _bestOf, ...others } = parameters;
    return this.supportedParameters.includes('best_of') ? parameters : others;
  }

  private async inputsOf(request: GenerateRequest): Promise<Inputs> {
    if (!this.accepts.includes(request.kind))
      throw new AppError('invalid-input', 'This model cannot be asked in this way.');
    if (request.kind === 'text2text') {
      const { task, text } = request;
      // Models of the family of T5 were taught their tasks as words before the text.
      return { text: task === undefined ? text : `${task.replace(/:\s*$/u, '')}: ${text}`, leftOut: 0 };
    }
    const { prompt, images } = await this.promptOf(request);
    const whole = await this.server.tokenizer.withoutDoubledStart(prompt, request.signal);
    const room =
      this.config.images === true ? { bytes: roomOf(this.config), readFile: request.readFile } : undefined;
    return inputsWithImages(whole, images, room);
  }

  /** Messages are put into the template by the server: it is the one that knows the model's. */
  private async promptOf(
    request: GenerateRequest & { kind: 'messages' | 'prompt' },
  ): Promise<{ prompt: string; images: PromptImage[] }> {
    if (request.kind === 'messages') {
      const { messages, prefix = '', signal } = request;
      return this.server.chatPrompt({ messages, prefix }, signal);
    }
    if (request.suffix !== undefined)
      throw new AppError('invalid-input', 'Text Generation Inference does not fill in the middle of a text.');
    return { prompt: request.prompt, images: request.images ?? [] };
  }

  private withoutImages(count: number): string {
    const which = count === 1 ? 'One image was' : `${String(count)} images were`;
    return this.config.images === true
      ? `${which} left out: the server takes no more bytes at once.`
      : `${which} left out: this model does not see.`;
  }

  /** Servers before 2.3, and answers that were stopped here, do not say how long the prompt was. */
  private async usageOf({ size }: Answer, asked: AskedInputs): Promise<BackendUsage | undefined> {
    const { completionTokens, promptTokens } = size;
    if (promptTokens !== undefined) return { completionTokens, promptTokens };
    const { text, signal, truncate = Infinity } = asked;
    const counted = await this.server.promptTokens(text, signal);
    return counted === undefined
      ? undefined
      : { completionTokens, promptTokens: Math.min(counted, truncate) };
  }
}

interface AskedInputs {
  text: string;
  signal: AbortSignal;
  /** Tokens of it that the server reads at most. */
  truncate: number | undefined;
}
