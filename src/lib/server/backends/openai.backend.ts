import type { ParameterName } from '../../domain/parameters';
import {
  untilAborted,
  type Backend,
  type BackendContext,
  type BackendDefinition,
  type BackendEvent,
  type BackendFacts,
  type BackendState,
  type GenerateRequest,
} from './backend';
import { withAddresses } from './http/endpoint-config';
import { createTransport } from './http/http-transport';
import { defaultHttpSettings } from './http/settings';
import type { Transport } from './http/transport';
import { openaiSchema, type OpenaiConfig } from './openai/config';
import { dialects, parametersOf, type Dialect } from './openai/dialect';
import { openaiExchange, usualTiming, type ExchangeTiming } from './openai/exchange';
import type { Probe } from './openai/probe';
import { ServerCheck } from './openai/server-check';
import { serverTokens } from './openai/token-count';

/** Servers that speak the dialect of OpenAI: vLLM, llama.cpp, Ollama, LM Studio, TGI, and the hosted ones. */
export const openaiBackend: BackendDefinition<OpenaiConfig> = {
  type: 'openai',
  schema: openaiSchema,
  create: (config, context) => new OpenaiBackend(config, context),
};

export class OpenaiBackend implements Backend {
  readonly type = 'openai';
  readonly maxConcurrency?: number;
  private readonly config: OpenaiConfig;
  private readonly transport: Transport;
  private readonly check: ServerCheck;
  private readonly exchange: ReturnType<typeof openaiExchange>;
  /** What a server was that has nobody to count; asked anew, it may be another. */
  private uncounting: Probe | undefined;
  /** Until the server was asked. */
  private readonly assumed: BackendFacts;

  constructor(config: OpenaiConfig, context?: BackendContext, timing: ExchangeTiming = usualTiming) {
    this.config = withAddresses(config, apiAddress);
    const { usualContext: contextLength, writesOne } = dialects[config.flavour ?? 'unknown'];
    const maxConcurrency = config.maxConcurrency ?? (writesOne ? 1 : undefined);
    if (maxConcurrency !== undefined) this.maxConcurrency = maxConcurrency;
    this.assumed = contextLength === undefined ? {} : { contextLength };
    const http = context?.http ?? defaultHttpSettings;
    this.transport = createTransport(this.config, context);
    this.check = new ServerCheck(this.config, this.transport);
    const loadingMs = config.firstByteTimeoutMs ?? http.firstByteTimeoutMs;
    this.exchange = openaiExchange(this.config, this.transport, this.check, { ...timing, loadingMs });
  }

  get accepts(): Backend['accepts'] {
    return this.config.accepts ?? (this.dialect.completes ? ['messages', 'prompt'] : ['messages']);
  }

  get supportedParameters(): readonly ParameterName[] {
    return parametersOf(this.dialect);
  }

  get writesChoices(): boolean {
    return this.dialect.writesChoices === true;
  }

  generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    return untilAborted(request.signal, this.exchange(request), {
      redact: (text) => this.transport.redact(text),
      onFault: (thrown) => {
        this.check.tell(thrown);
        return thrown;
      },
    });
  }

  async countTokens(text: string): Promise<number | undefined> {
    // Some refuse to count nothing.
    if (text === '') return 0;
    if (this.uncounting && this.uncounting === this.check.probe) return undefined;
    try {
      const probe = await this.check.ready();
      const { tokenize } = dialects[probe.flavour];
      const count = tokenize && (await serverTokens(this.transport, tokenize, text, probe.model));
      if (count === undefined) this.uncounting = probe;
      return count;
    } catch {
      // A server that is away, or busy, counts again when it is back; until then lengths stand for tokens.
      return undefined;
    }
  }

  facts(): BackendFacts {
    return this.check.probe?.facts ?? this.assumed;
  }

  async warmUp(): Promise<BackendState> {
    // The fault is in the state, in words.
    await this.check.ready().catch(() => undefined);
    return this.state();
  }

  state(): BackendState {
    return this.check.state();
  }

  close(): Promise<void> {
    this.check.close();
    return this.transport.close();
  }

  private get dialect(): Dialect {
    return dialects[this.check.probe?.flavour ?? this.config.flavour ?? 'unknown'];
  }
}

/** The address of the API: people give that of the server, or of one of its places. */
function apiAddress(given: string): string {
  const url = new URL(given);
  url.pathname = url.pathname.replace(/\/+(?:(?:chat\/)?completions\/?)?$/u, '');
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/v1';
  return url.href;
}
