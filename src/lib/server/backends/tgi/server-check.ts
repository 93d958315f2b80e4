import { AppError } from '../../../domain/errors';
import type { BackendState } from '../backend';
import type { TgiExchange } from './exchange';
import { parseJson } from '../http/parse-json';
import { chatOf } from './chat';
import { chatPromptSchema, infoSchema, type TgiInfo } from './wire';

export interface Checked {
  state: BackendState;
  info?: TgiInfo;
  /** It makes prompts of messages, with the chat template of its model. */
  rendersChats: boolean;
}

/**
 * Asks a server what it is. `/info` is open to all and proves no key, so `/tokenize` is asked for one letter: it wants
 * the key, and costs nothing. `/chat_tokenize` shows whether the model has a chat template. What a gateway does not let
 * through is not held against the server.
 */
export async function checkServer(exchange: TgiExchange, signal: AbortSignal): Promise<Checked> {
  try {
    const { status, body } = await exchange.get('/info', signal);
    if (status >= 500) return { state: notReady(status), rendersChats: false };
    const info = status === 200 ? infoSchema.safeParse(parseJson(body)) : undefined;
    const { status: keyed } = await exchange.count('/tokenize', { inputs: 'a' }, signal);
    const isRefused = [status, keyed].some((status) => status === 401 || status === 403);
    const chat = await exchange.count('/chat_tokenize', chatOf([{ role: 'user', content: 'a' }]), signal);
    return {
      state: isRefused ? refused : { state: 'ready' },
      rendersChats: chat.status === 200 && chatPromptSchema.safeParse(parseJson(chat.body)).success,
      ...(info?.success && { info: info.data }),
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const remedy = 'Start the server, or correct its address (url).';
    return { state: { state: 'unavailable', reason: thrown.message, remedy }, rendersChats: false };
  }
}

const refused: BackendState = {
  state: 'unavailable',
  reason: "The model's server wants a key, or refuses the one that it is given.",
  remedy: 'Set apiKey to the key that the server was started with.',
};

function notReady(status: number): BackendState {
  return {
    state: 'unavailable',
    reason: `The model's server is not ready (status ${String(status)}).`,
    remedy: 'It may still be loading its model; try again in a while.',
  };
}
