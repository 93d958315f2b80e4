import { AppError } from '../../../domain/errors';
import type { BackendState } from '../backend';
import { errorOfReply } from '../http/upstream-error';
import { probePath, type InferenceClientConfig } from './config';
import type { Ways } from './ways';

const probeMs = 10_000;

/** Whether the model can be asked, as far as is known. A provider is asked nothing for it: that may cost. */
export class ServerState {
  private known: BackendState;

  constructor(
    private readonly config: InferenceClientConfig,
    private readonly ways: Ways,
  ) {
    this.known = config.url === undefined && config.apiKey === undefined ? noToken : { state: 'ready' };
  }

  get state(): BackendState {
    return this.known;
  }

  /** Asks the endpoint for something small. Does not throw. */
  async check(): Promise<BackendState> {
    const { own } = this.ways;
    if (!own) return this.known;
    const path = probePath(this.config.task ?? 'chat');
    try {
      const signal = AbortSignal.timeout(probeMs);
      const reply = await own.send({ method: 'GET', path, signal, firstByteTimeoutMs: probeMs });
      const { status } = reply;
      // Whatever else it says, it is there: many endpoints know the one address for answers only.
      const isAway = status === 401 || status === 403 || status >= 502;
      const fault = isAway ? await errorOfReply(reply) : undefined;
      reply.close();
      // An endpoint that was scaled down says 503 while it comes up.
      if (status === 503) this.known = { state: 'loading' };
      else if (fault) this.tell(fault);
      else this.known = { state: 'ready' };
    } catch (thrown) {
      this.tell(
        thrown instanceof AppError
          ? thrown
          : new AppError('backend-unreachable', 'The endpoint does not answer in time.'),
      );
    }
    return this.known;
  }

  /** An answer went well, or came to this. Of a provider nothing is kept: nobody would find out that it is back. */
  tell(outcome: 'answered' | AppError): void {
    if (this.config.url === undefined) return;
    if (outcome === 'answered') this.known = { state: 'ready' };
    else if (outcome.code === 'backend-unreachable' || isAboutKey(outcome)) this.known = unavailable(outcome);
  }
}

function isAboutKey({ details }: AppError): boolean {
  return details?.status === 401 || details?.status === 403;
}

const noToken: BackendState = {
  state: 'unavailable',
  reason: 'A token for Hugging Face, or a key of the provider, is missing.',
  remedy: 'Set HF_TOKEN, or apiKey of the model.',
};

function unavailable(fault: AppError): BackendState {
  const remedy = isAboutKey(fault)
    ? 'Correct apiKey of the model.'
    : 'Start the endpoint, or correct the url of the model.';
  return { state: 'unavailable', reason: fault.message, remedy };
}
