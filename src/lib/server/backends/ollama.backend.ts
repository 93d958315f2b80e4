import { AppError } from '../../domain/errors';
import { parametersKnownTo, unknownParameters } from '../../domain/known-parameters';
import type { ParameterName } from '../../domain/parameters';
import {
  untilAborted,
  type Backend,
  type BackendDefinition,
  type BackendEvent,
  type BackendFacts,
  type BackendState,
  type GenerateRequest,
} from './backend';
import { createTransport } from './http/http-transport';
import { OllamaAnswer } from './ollama/answer';
import { ollamaConfigSchema, serversOf, type OllamaConfig } from './ollama/config';
import { planToGoOn } from './ollama/go-on';
import { planRequest, type OllamaPlan } from './ollama/request';
import { OllamaServer } from './ollama/server';
import { factsOf, isAbleTo } from './ollama/show';
import { reasoningApart } from './reasoning-events';

export type { OllamaConfig } from './ollama/config';

/** Ollama over its own routes, `/api/chat` and `/api/generate`, where its context, images and thinking can be said. */
export const ollamaBackend: BackendDefinition<OllamaConfig> = {
  type: 'ollama',
  schema: ollamaConfigSchema,
  create: (config, context) => {
    const transport = createTransport(serversOf(config), context);
    return new OllamaBackend(config, new OllamaServer(transport, config.model));
  },
};

class OllamaBackend implements Backend {
  readonly type = 'ollama';
  readonly accepts = ['messages', 'prompt'] as const;
  readonly writesChoices = false;
  readonly maxConcurrency?: number;
  private known: { show: OllamaServer['show']; facts: BackendFacts } | undefined;

  constructor(
    private readonly config: OllamaConfig,
    private readonly server: OllamaServer,
  ) {
    if (config.maxConcurrency !== undefined) this.maxConcurrency = config.maxConcurrency;
  }

  get supportedParameters(): readonly ParameterName[] {
    const thinks = isAbleTo(this.server.show, 'thinking') !== false;
    return parametersKnownTo('ollama').filter((name) => name !== 'reasoning_effort' || thinks);
  }

  generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    // Of a model that the server does not know to think, thoughts may be in the text, in tags.
    return untilAborted(request.signal, reasoningApart(request, this.answer(request)), {
      redact: (text) => this.server.redact(text),
      onFault: (thrown) => {
        if (thrown instanceof AppError) this.server.failed(thrown);
        return thrown;
      },
    });
  }

  facts(): BackendFacts {
    const { show } = this.server;
    if (!this.known || this.known.show !== show) this.known = { show, facts: factsOf(this.config, show) };
    return this.known.facts;
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

  private async *answer(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const { parameters, signal } = request;
    for (const name of unknownParameters(parameters, this.supportedParameters)) {
      yield {
        type: 'warning',
        code: 'unknown-parameter',
        text: `This model of Ollama does not know ${name}.`,
      };
    }
    const planned = await this.planOf(request);
    if (signal.aborted) return;
    for (const change of planned.changes) yield { type: 'warning', code: 'parameter-changed', text: change };
    const start = request.kind === 'messages' ? (request.prefix ?? '') : '';
    const rendered = start === '' ? undefined : await this.server.rendered(planned, signal);
    const plan = rendered ? planToGoOn(planned, start, rendered.prompt) : planned;
    const answer = new OllamaAnswer(parameters.stop ?? [], echoOf(plan, start));
    for await (const line of this.server.lines(plan, signal, rendered?.renderedBy)) {
      yield* answer.push(line);
      if (answer.reason) break;
    }
    if (!answer.reason)
      throw new AppError('backend-protocol', 'Ollama ended the answer before it was complete.');
    if (parameters.top_logprobs !== undefined && answer.hasSpoken && !answer.hasTokens) {
      const text = 'This Ollama does not tell log probabilities; 0.12.11 and newer do.';
      yield { type: 'warning', code: 'unknown-parameter', text };
    }
    yield { type: 'finish', reason: answer.reason, ...(answer.usage && { usage: answer.usage }) };
  }

  /** Nothing to answer would make the server load the model and say no more. */
  private async planOf(request: GenerateRequest): Promise<OllamaPlan> {
    if (request.kind === 'text2text')
      throw new AppError('invalid-input', 'This model cannot be asked in this way.');
    const isEmpty = request.kind === 'messages' ? request.messages.length === 0 : request.prompt === '';
    if (isEmpty) throw new AppError('invalid-input', 'There is no text to go on from.');
    // Another context than that of the model's own file would make the server load it twice. Its faults come again below.
    if (!this.server.show) await this.server.check();
    return planRequest(request, { config: this.config, show: this.server.show });
  }
}

/** A start that is given as a message may come again; in a plain text it cannot. */
function echoOf({ path }: OllamaPlan, start: string): string {
  return path === '/api/chat' ? start : '';
}
