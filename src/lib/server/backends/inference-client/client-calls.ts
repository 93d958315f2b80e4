import { AppError } from '../../../domain/errors';
import type { GenerateRequest } from '../backend';
import { record } from '../openai/payload';
import type { WireRequest } from '../openai/request';
import { addressFor, type InferenceClientConfig } from './config';
import type { Library } from './library';

type Options = NonNullable<Parameters<Library['chatCompletionStream']>[1]>;
type ChatArgs = Parameters<Library['chatCompletionStream']>[0];
type CompletionArgs = Parameters<Library['textGenerationStream']>[0];

/** How the client is called, whatever for: never with its retries, which ask a busy server again at once and for ever. */
export function clientOptions(
  { billTo }: InferenceClientConfig,
  given: { fetch: typeof fetch; signal: AbortSignal },
): Options {
  return { ...given, retry_on_error: false, ...(billTo !== undefined && { billTo }) };
}

/** The objects of a stream, as the server sent them: the types of the client promise another form for completions. */
export function streamFrom(
  library: Library,
  config: InferenceClientConfig,
  { body }: WireRequest,
  options: Options,
): AsyncIterable<unknown> {
  if (config.task !== 'text-generation')
    return library.chatCompletionStream({ ...body, ...target(config) } as ChatArgs, options);
  const { prompt, stream_options, max_tokens, model: _model, stream: _stream, ...parameters } = body;
  const args = {
    ...target(config),
    inputs: prompt,
    parameters: { ...(max_tokens !== undefined && { max_new_tokens: max_tokens }), ...parameters },
    ...(stream_options !== undefined && { stream_options }),
  };
  return library.textGenerationStream(args as CompletionArgs, options);
}

/** A translation or a summary, whole. `task` of the request is `src>tgt` in the words of the model, or empty. */
export async function textFrom(
  library: Library,
  config: InferenceClientConfig,
  { text, task = '', parameters }: Extract<GenerateRequest, { kind: 'text2text' }>,
  options: Options,
): Promise<string> {
  const { max_new_tokens } = parameters;
  const generate = max_new_tokens !== undefined && { generate_parameters: { max_new_tokens } };
  if (config.task === 'summarization') {
    const args = { ...target(config), inputs: text, ...(generate && { parameters: { ...generate } }) };
    return textIn(await library.summarization(args, options), 'summary_text');
  }
  const [from, to] = task.split('>').map((language) => language.trim());
  const parametersOf = { ...(from && { src_lang: from }), ...(to && { tgt_lang: to }), ...generate };
  const args = { ...target(config), inputs: text, parameters: parametersOf };
  return textIn(await library.translation(args, options), 'translation_text');
}

/** The client hands out what it found: nothing, too, where the list was empty. */
function textIn(output: unknown, name: string): string {
  const text = record(output)[name];
  if (typeof text === 'string') return text;
  throw new AppError('backend-protocol', "The model's server sent an answer without a text.");
}

type Target = Pick<ChatArgs, 'model' | 'endpointUrl' | 'provider' | 'accessToken'>;

/**
 * Whom the client asks. Of an endpoint it hears the plain address: keys, and a query, are put in by the transport.
 */
function target({ url, task = 'chat', model, provider = 'auto', apiKey }: InferenceClientConfig): Target {
  const named = model === undefined ? {} : { model };
  if (url === undefined)
    return {
      ...named,
      provider: provider as NonNullable<Target['provider']>,
      ...(apiKey !== undefined && { accessToken: apiKey }),
    };
  const { origin, pathname } = new URL(addressFor(task, url));
  return { ...named, endpointUrl: `${origin}${pathname}` };
}
