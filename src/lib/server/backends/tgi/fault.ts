import { AppError } from '../../../domain/errors';
import { payloadError, upstreamError, type UpstreamReply } from '../http/upstream-error';
import { parseJson } from '../http/parse-json';
import { errorSchema } from './wire';

/** What a server said instead of an answer. `message` is its own text, which is never shown. */
export class TgiFault extends Error {
  override readonly name = 'TgiFault';

  constructor(
    message: string,
    readonly type: string | undefined,
    /** A status of 200 stands for an error event. */
    readonly reply: UpstreamReply,
  ) {
    super(message);
  }
}

/**
 * The fault that a reply tells, whatever its form: the server's JSON, the plain text of its JSON layer, nothing at all (a
 * wrong key), or a page of a proxy. `undefined` when the status is good and no error is in it.
 */
export function faultIn(reply: UpstreamReply): TgiFault | undefined {
  const error = errorSchema.safeParse(parseJson(reply.body));
  if (error.success) return new TgiFault(error.data.error, error.data.error_type ?? undefined, reply);
  const { status, body } = reply;
  return status >= 200 && status < 300 ? undefined : new TgiFault(body, undefined, reply);
}

/**
 * A fault in words for a person. The server's own words stay behind as the cause. `isGuided`: the answer was to keep to
 * a grammar; the server checks that of a schema, and breaks over an expression that it cannot read.
 */
export function toAppError({ message, type, reply }: TgiFault, isGuided = false): AppError {
  const error =
    (reply.status === 200 ? payloadError({ error: message, error_type: type }) : undefined) ??
    upstreamError(reply);
  if (error.code !== 'backend-rejected') return error;
  const { cause, details } = error;
  const say = (text: string, retryable: boolean) =>
    new AppError('backend-rejected', text, { retryable, cause, ...(details && { details }) });
  if (type === 'generation') {
    const hint = isGuided ? ' It may not understand the grammar.' : '';
    return say(`The model's server failed while it worked on this request.${hint}`, true);
  }
  const refusal = type === 'validation' ? refusalIn(message) : undefined;
  return refusal === undefined ? error : say(refusal, false);
}

/** Parameters, by the names that the server's refusals put in backticks. */
const names = new Set([
  ...[
    'temperature',
    'top_k',
    'top_p',
    'typical_p',
    'repetition_penalty',
    'frequency_penalty',
    'seed',
    'stop',
  ],
  ...['max_new_tokens', 'truncate', 'best_of', 'top_n_tokens', 'decoder_input_details', 'watermark'],
]);

function refusalIn(message: string): string | undefined {
  if (/grammar|schema/iu.test(message)) return "The model's server cannot guide its answer by this grammar.";
  if (/image|base64/iu.test(message)) return "The model's server could not read an image.";
  if (message.includes('`inputs` cannot be empty')) return 'There is no text to go on from.';
  const name = [...message.matchAll(/`(\w+)`/gu)]
    .map(([, name = '']) => name)
    .find((name) => names.has(name));
  return name === undefined ? undefined : `The model's server refuses the value of ${name}.`;
}
