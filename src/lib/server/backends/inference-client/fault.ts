import { AppError } from '../../../domain/errors';
import { secretsOf, withoutSecrets } from '../http/secrets';
import type { HttpSettings } from '../http/settings';
import { upstreamError } from '../http/upstream-error';
import type { InferenceClientConfig } from './config';
import type { Library } from './library';

interface Words {
  sign: RegExp;
  text: string;
}

/** What the client says before it asks anybody, and what to do about it. */
const words: readonly Words[] = [
  {
    sign: /auto-router/iu,
    text: 'Only a token of Hugging Face (hf_...) lets it choose the provider: give one as apiKey, or name the provider that the key is of.',
  },
  {
    sign: /does not support HF tokens/iu,
    text: 'This provider takes its own keys only, and none of Hugging Face: give one of its keys as apiKey.',
  },
  {
    sign: /must be prefixed by/iu,
    text: 'The name of the model must begin with that of this provider, and a slash.',
  },
  {
    sign: /not supported\. Available|provider.{0,80}not supported/iu,
    text: 'This provider is not known: correct its name, or leave it out.',
  },
  {
    sign: /not supported for task/iu,
    text: 'The provider does not offer this model for this task: choose another task, provider or model.',
  },
  {
    sign: /inference provider information|No Inference Provider/iu,
    text: 'The provider does not offer this model: choose another provider, or leave it out.',
  },
];

/** Whatever a request through the client came to, in words for a person. Its cause may have the key in it. */
export function clientFault(thrown: unknown, library: Library): AppError {
  if (thrown instanceof AppError) return thrown;
  if (
    thrown instanceof library.InferenceClientProviderApiError ||
    thrown instanceof library.InferenceClientHubApiError
  ) {
    const { status, body } = thrown.httpResponse;
    const said = typeof body === 'string' ? body : JSON.stringify(body);
    // Status 200: a reply of another form than the client wants, which is no fault that the server tells.
    return status < 300 ? unreadable(thrown.message) : upstreamError({ status, headers: {}, body: said });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const isOurs = thrown instanceof library.InferenceClientError && !isOutput(thrown, library);
  if (!isOurs) return unreadable(message);
  const known = words.find(({ sign }) => sign.test(message));
  const text = known?.text ?? 'The client of Hugging Face cannot ask for this model as it is configured.';
  return new AppError('backend-rejected', text, { cause: message });
}

function isOutput(thrown: unknown, library: Library): boolean {
  return thrown instanceof library.InferenceClientProviderOutputError;
}

function unreadable(cause: string): AppError {
  return new AppError('backend-protocol', "The model's server sent what cannot be read.", { cause });
}

/** Takes the keys of a configuration out of a text. */
export function redactorOf(config: InferenceClientConfig, http?: HttpSettings): (text: string) => string {
  const secrets = secretsOf([config, ...(config.endpoints ?? [])], http);
  return (text) => withoutSecrets(text, secrets);
}
