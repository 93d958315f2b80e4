import { AppError } from '../../domain/errors';
import { unknownParameters } from '../../domain/known-parameters';
import type { ParameterName } from '../../domain/parameters';
import {
  untilAborted,
  type Backend,
  type BackendContext,
  type BackendDefinition,
  type BackendEvent,
  type BackendState,
  type GenerateInput,
  type GenerateRequest,
} from './backend';
import { defaultHttpSettings } from './http/settings';
import {
  inferenceClientSchema,
  type InferenceClientConfig,
  type InferenceTask,
} from './inference-client/config';
import { parametersFor } from './inference-client/dialect';
import { InferenceExchange } from './inference-client/exchange';
import { redactorOf } from './inference-client/fault';
import { ServerState } from './inference-client/server-state';
import { Ways, type OpenTransport } from './inference-client/ways';
import { usualTiming, type ExchangeTiming } from './openai/exchange';

/** Providers and endpoints of Hugging Face, through its own client. */
export const inferenceClientBackend: BackendDefinition<InferenceClientConfig> = {
  type: 'inference-client',
  schema: inferenceClientSchema,
  create: (config, context) => new InferenceClientBackend(config, context),
};

const kinds: Record<InferenceTask, GenerateInput['kind']> = {
  chat: 'messages',
  'text-generation': 'prompt',
  translation: 'text2text',
  summarization: 'text2text',
};

export class InferenceClientBackend implements Backend {
  readonly type = 'inference-client';
  readonly accepts: readonly [GenerateInput['kind']];
  readonly supportedParameters: readonly ParameterName[];
  readonly writesChoices = false;
  readonly maxConcurrency?: number;
  private readonly ways: Ways;
  private readonly server: ServerState;
  private readonly exchange: InferenceExchange;
  private readonly redact: (text: string) => string;

  /** `open` makes the ways to servers: another one in tests of what goes to providers. */
  constructor(
    config: InferenceClientConfig,
    context?: BackendContext,
    open?: OpenTransport,
    timing?: ExchangeTiming,
  ) {
    const { task = 'chat', maxConcurrency } = config;
    this.accepts = [kinds[task]];
    this.supportedParameters = parametersFor(task);
    if (maxConcurrency !== undefined) this.maxConcurrency = maxConcurrency;
    this.ways = new Ways(config, context, open);
    this.server = new ServerState(config, this.ways);
    this.redact = redactorOf(config, context?.http);
    this.exchange = new InferenceExchange(config, this.ways, {
      ...usualTiming,
      loadingMs: config.firstByteTimeoutMs ?? (context?.http ?? defaultHttpSettings).firstByteTimeoutMs,
      ...timing,
    });
  }

  generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    return untilAborted(request.signal, this.answer(request), {
      redact: this.redact,
      onFault: (thrown) => {
        if (thrown instanceof AppError) this.server.tell(thrown);
        return thrown;
      },
    });
  }

  warmUp(): Promise<BackendState> {
    return this.server.check();
  }

  state(): BackendState {
    return this.server.state;
  }

  close(): Promise<void> {
    return this.ways.close();
  }

  private async *answer(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    if (request.kind !== this.accepts[0])
      throw new AppError('invalid-input', 'This model cannot be asked in this way.');
    if (request.kind === 'text2text')
      for (const name of unknownParameters(request.parameters, this.supportedParameters))
        yield { type: 'warning', code: 'unknown-parameter', text: `This task does not know ${name}.` };
    for await (const event of this.exchange.answer(request)) {
      if (event.type === 'finish' && !request.signal.aborted) this.server.tell('answered');
      yield event;
    }
  }
}
