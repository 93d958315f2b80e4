import { AppError } from '../../../domain/errors';
import type { GenerationParameters } from '../../../domain/parameters';
import type { BackendState, PromptImage, PromptMessage } from '../backend';
import { isAbsent, type Transport } from '../http/transport';
import { chatOf, promptIn, withMarks } from './chat';
import { TgiExchange } from './exchange';
import { TgiFault } from './fault';
import { limitsOf, usualLimits, type TgiLimits } from './info';
import { learnFrom, type Asked } from './refusal';
import { planRequest, type TgiPlan } from './request';
import { checkServer, type Checked } from './server-check';
import { idsIn, TgiTokenizer } from './tokenizer';

/** A refusal can name one limit at a time, and there are so many. */
const mostLessons = 6;

export interface Begun {
  plan: TgiPlan;
  /** All events of the answer. Leaving the loop lets go of the connection. */
  events: ReturnType<TgiExchange['ask']>;
}

/** What is known of one server, and the asking. */
export class TgiServer {
  info: Checked['info'];
  /** Whether it makes prompts of messages. */
  rendersChats = false;
  /** As last known; the next request makes it ready if anything does. */
  state: BackendState = { state: 'ready' };
  readonly tokenizer: TgiTokenizer;
  private limits: TgiLimits = usualLimits;
  private readonly exchange: TgiExchange;
  private readonly closing = new AbortController();
  private checking: Promise<BackendState> | undefined;
  private isChecked = false;
  /** Whether the server has such a route, as far as is known. */
  private tokenizes = true;

  constructor(private readonly transport: Transport) {
    this.exchange = new TgiExchange(transport);
    this.tokenizer = new TgiTokenizer((text, signal) => this.tokenIds(text, signal));
  }

  get bestOf(): number {
    return this.limits.bestOf;
  }

  /** Asks it what it is, once; again when it did not answer, or has failed since. */
  check(): Promise<BackendState> {
    if (this.isChecked) return Promise.resolve(this.state);
    this.checking ??= this.ask().finally(() => (this.checking = undefined));
    return this.checking;
  }

  /**
   * Asks for an answer and waits for its first event. What the server refuses because of a limit that was not known is
   * asked for again within that limit: nothing was written by then. Throws `TgiFault`.
   */
  async begin(inputs: string, parameters: GenerationParameters, signal: AbortSignal): Promise<Begun> {
    let asked: Asked = { parameters, limits: this.limits };
    for (let lessons = 0; ; lessons += 1) {
      const plan = planRequest(asked.parameters, asked.limits);
      const { streams, parameters } = plan;
      const events = this.exchange.ask({ inputs, parameters, streams, signal });
      try {
        const first = await events.next();
        this.succeeded();
        return { plan, events: startingWith(first, events) };
      } catch (thrown) {
        const next = thrown instanceof TgiFault ? learnFrom(thrown.message, asked) : undefined;
        if (!next || lessons === mostLessons) throw thrown;
        asked = next;
        this.limits = next.limits;
      }
    }
  }

  /** The prompt that the chat template of the model makes, up to where the answer goes on, with its images in turn. */
  async chatPrompt(
    { messages, prefix }: { messages: readonly PromptMessage[]; prefix: string },
    signal: AbortSignal,
  ): Promise<{ prompt: string; images: PromptImage[] }> {
    const { marked, images } = withMarks(messages);
    const reply = await this.exchange.count('/chat_tokenize', chatOf(marked), signal);
    return { prompt: promptIn(reply, prefix), images };
  }

  /** Tokens of a prompt with what the server adds, for servers that do not say. */
  async promptTokens(inputs: string, signal: AbortSignal): Promise<number | undefined> {
    return (await this.tokenIds(inputs, signal))?.length;
  }

  /** Remembers that it does not answer, so that it is asked what it is before it counts as ready again. */
  failed({ code, message }: AppError): void {
    if (code !== 'backend-unreachable') return;
    this.isChecked = false;
    this.state = {
      state: 'unavailable',
      reason: message,
      remedy: 'Start the server, or wait until it is back.',
    };
  }

  /** `text` without the keys of the server. */
  redact(text: string): string {
    return this.transport.redact(text);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.transport.close();
  }

  private succeeded(): void {
    if (this.state.state !== 'ready') this.state = { state: 'ready' };
  }

  private async ask(): Promise<BackendState> {
    const { state, info, rendersChats } = await checkServer(this.exchange, this.closing.signal);
    this.state = state;
    this.isChecked = state.state === 'ready';
    if (state.state === 'ready') this.rendersChats = rendersChats;
    if (info) {
      this.info = info;
      this.limits = limitsOf(info);
      this.tokenizes = true;
    }
    return state;
  }

  private async tokenIds(text: string, signal?: AbortSignal): Promise<number[] | undefined> {
    if (!this.tokenizes) return undefined;
    const ending = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    try {
      const reply = await this.exchange.count('/tokenize', { inputs: text }, ending);
      // No such route, or no tokenizer that it could ask.
      if (isAbsent(reply)) this.tokenizes = false;
      return reply.status === 200 ? idsIn(reply.body) : undefined;
    } catch (thrown) {
      if (thrown instanceof AppError || ending.aborted) return undefined;
      throw thrown;
    }
  }
}

async function* startingWith<T>(first: IteratorResult<T>, events: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    if (first.done !== true) yield first.value;
    yield* events;
  } finally {
    await events.return(undefined);
  }
}
