import { AppError } from '../../../domain/errors';
import type { BackendState } from '../backend';
import { parseJson } from '../http/parse-json';
import { readLines } from '../http/sse';
import type { HttpReply, Transport } from '../http/transport';
import { errorOfReply } from '../http/upstream-error';
import type { OllamaConfig } from './config';
import { bodyToRender, renderedIn } from './go-on';
import type { OllamaPlan } from './request';
import { showSchema, type OllamaShow } from './wire';

/** Small questions are answered at once, or not at all. */
const shortMs = 10_000;
const longestShow = 16 * 1024 * 1024;

/** What is known of one model on one server, and the asking. */
export class OllamaServer {
  show: OllamaShow | undefined;
  /** As last known; the next request makes it ready if anything does. */
  state: BackendState = { state: 'ready' };
  private readonly closing = new AbortController();
  private checking: Promise<BackendState> | undefined;
  private isChecked = false;

  constructor(
    private readonly transport: Transport,
    private readonly model: OllamaConfig['model'],
  ) {}

  /** Asks it about the model, once; again when it did not answer, or has failed since. Loads nothing. */
  check(): Promise<BackendState> {
    if (this.isChecked) return Promise.resolve(this.state);
    this.checking ??= this.ask().finally(() => (this.checking = undefined));
    return this.checking;
  }

  /** The lines of an answer, of the server that rendered the plan if one did. Leaving the loop lets go of the connection. */
  async *lines(
    { path, body }: OllamaPlan,
    signal: AbortSignal,
    renderedBy?: HttpReply,
  ): AsyncGenerator<string> {
    const reply = await this.transport.send({ method: 'POST', path, body, signal, near: renderedBy });
    try {
      if (reply.status !== 200) throw this.inWords(await errorOfReply(reply));
      this.state = { state: 'ready' };
      yield* readLines(reply.chunks());
    } finally {
      reply.close();
    }
  }

  /** The prompt that the template makes of a plan; `undefined` where the server does not tell. Loads the model there. */
  async rendered(
    plan: OllamaPlan,
    signal: AbortSignal,
  ): Promise<{ prompt: string | undefined; renderedBy: HttpReply }> {
    const reply = await this.transport.send({
      method: 'POST',
      path: plan.path,
      body: bodyToRender(plan),
      signal,
    });
    if (reply.status !== 200) throw this.inWords(await errorOfReply(reply));
    return { prompt: renderedIn(await reply.text(longestShow)), renderedBy: reply };
  }

  /** Remembers that it cannot answer, so that it is asked again before it counts as ready. */
  failed(error: AppError): void {
    const isMissing = error.code === 'model-unavailable' && !error.retryable;
    if (error.code !== 'backend-unreachable' && !isMissing) return;
    this.isChecked = false;
    this.state = this.unavailable(error);
  }

  /** `text` without the keys of the server. */
  redact(text: string): string {
    return this.transport.redact(text);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.transport.close();
  }

  private async ask(): Promise<BackendState> {
    try {
      this.show = await this.readShow();
      this.state = { state: 'ready' };
      this.isChecked = true;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.state = this.unavailable(thrown);
    }
    return this.state;
  }

  private async readShow(): Promise<OllamaShow> {
    const reply = await this.transport.send({
      method: 'POST',
      path: '/api/show',
      body: { model: this.model },
      signal: this.closing.signal,
      firstByteTimeoutMs: shortMs,
    });
    if (reply.status !== 200) throw this.inWords(await errorOfReply(reply));
    // Licences and templates are part of it.
    const show = showSchema.safeParse(parseJson(await reply.text(longestShow)));
    if (!show.success) throw new AppError('backend-protocol', 'What answers at this address is not Ollama.');
    return show.data;
  }

  private unavailable({ code, message, retryable }: AppError): BackendState {
    if (code === 'model-unavailable' && !retryable) return { state: 'unavailable', ...this.missing };
    const isThere = code === 'backend-rejected' || code === 'backend-protocol';
    const remedy = isThere
      ? 'Correct its address (url) and its key (apiKey).'
      : 'Start Ollama, wait until it is back, or correct its address (url).';
    return { state: 'unavailable', reason: message, remedy };
  }

  private get missing(): { reason: string; remedy: string } {
    const { model } = this;
    return {
      reason: `Ollama does not have the model ${model}.`,
      remedy: `Get it with: ollama pull ${model}`,
    };
  }

  /** A model that is not there has a remedy that everybody can follow. */
  private inWords(error: AppError): AppError {
    if (error.code !== 'model-unavailable' || error.retryable) return error;
    const { cause, details } = error;
    const { reason, remedy } = this.missing;
    const options = { cause, retryable: false, ...(details && { details }) };
    return new AppError('model-unavailable', `${reason} ${remedy}`, options);
  }
}
