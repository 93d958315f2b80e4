import { AppError } from '../../../domain/errors';
import { secretsOf, withoutSecrets } from '../http/endpoint';
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

/** Whatever a request through the client came to, in words for a person. The key is in none of them. */
export function clientFault(thrown: unknown, library: Library, redact: (text: string) => string): AppError {
  if (thrown instanceof AppError) return withRedactedCause(thrown, redact);
  if (
    thrown instanceof library.InferenceClientProviderApiError ||
    thrown instanceof library.InferenceClientHubApiError
  ) {
    const { status, body } = thrown.httpResponse;
    const said = typeof body === 'string' ? body : JSON.stringify(body);
    // Status 200: a reply of another form than the client wants, which is no fault that the server tells.
    return withRedactedCause(
      status < 300 ? unreadable(thrown.message) : upstreamError({ status, headers: {}, body: said }),
      redact,
    );
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const isOurs = thrown instanceof library.InferenceClientError && !isOutput(thrown, library);
  if (!isOurs) return unreadable(redact(message));
  const known = words.find(({ sign }) => sign.test(message));
  const text = known?.text ?? 'The client of Hugging Face cannot ask for this model as it is configured.';
  return new AppError('backend-rejected', text, { cause: redact(message) });
}

function isOutput(thrown: unknown, library: Library): boolean {
  return thrown instanceof library.InferenceClientProviderOutputError;
}

function unreadable(cause: string): AppError {
  return new AppError('backend-protocol', "The model's server sent what cannot be read.", { cause });
}

/** Some servers repeat the key that they refuse. */
function withRedactedCause(fault: AppError, redact: (text: string) => string): AppError {
  const { code, message, retryable, details, cause } = fault;
  if (typeof cause !== 'string' || redact(cause) === cause) return fault;
  return new AppError(code, message, { retryable, cause: redact(cause), ...(details && { details }) });
}

/** Takes the keys of a configuration out of a text. */
export function redactorOf(config: InferenceClientConfig): (text: string) => string {
  const secrets = secretsOf([config, ...(config.endpoints ?? [])]);
  return (text) => withoutSecrets(text, secrets);
}
