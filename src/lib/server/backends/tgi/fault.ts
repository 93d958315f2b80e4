import { AppError } from '../../../domain/errors';
import { errorSchema, parseJson } from './wire';

/** What a server said instead of an answer. `message` is its own text and never shown. */
export class TgiFault extends Error {
  override readonly name = 'TgiFault';

  constructor(
    message: string,
    readonly type: string | undefined,
    /** 200 for an error in a stream. */
    readonly status: number,
  ) {
    super(message);
  }
}

/**
 * The fault that a body tells, whatever its form: the server's JSON, the plain text of its JSON layer, nothing at all
 * (a wrong key), or a page of a proxy. `undefined` when the status is good and no error is in it.
 */
export function faultIn(body: string, status: number): TgiFault | undefined {
  const error = errorSchema.safeParse(parseJson(body));
  if (error.success) return new TgiFault(error.data.error, error.data.error_type ?? undefined, status);
  return status >= 200 && status < 300 ? undefined : new TgiFault(body, undefined, status);
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

/** A fault in words for a person. The server's own words stay behind as the cause. */
export function toAppError(fault: TgiFault): AppError {
  const { message, type, status } = fault;
  const cause = `${String(status)} ${type ?? ''} ${message}`.slice(0, 400);
  const rejected = (words: string, retryable = false) =>
    new AppError('backend-rejected', words, { cause, retryable });
  if (status === 401 || status === 403)
    return rejected("The model's server wants a key, or refuses the one that it is given (apiKey).");
  if (type === 'overloaded' || status === 429)
    return new AppError('rate-limited', "The model's server has too many answers to write. Try again soon.", {
      cause,
    });
  if (status === 413)
    return rejected(
      "This is more than the model's server takes at once (--payload-limit); images are most of it.",
    );
  if (status === 404 || status === 405)
    return rejected('No Text Generation Inference answers at this address (url).');
  const { tokens, limit } = tooLong(message) ?? {};
  if (tokens !== undefined && limit !== undefined)
    return new AppError('context-too-long', "This is longer than the model's server reads.", {
      cause,
      details: { tokens, limit },
    });
  if (status === 502 || status === 503 || status === 504)
    return new AppError('backend-unreachable', "The model's server is not ready.", { cause });
  if (/generation|serialization/u.test(type ?? ''))
    return rejected("The model's server failed while it wrote the answer.", true);
  return rejected(refusalIn(message, status), status >= 500);
}

/** The figures of a prompt that does not fit, alone or with the answer. */
function tooLong(message: string): { tokens: number; limit: number } | undefined {
  const alone = /must have less than (\d+) tokens\. Given: (\d+)/u.exec(message);
  const together = /must be <= (\d+)\. Given: (\d+) `inputs` tokens/u.exec(message);
  const [, limit, tokens] = alone ?? together ?? [];
  return limit === undefined ? undefined : { tokens: Number(tokens), limit: Number(limit) };
}

function refusalIn(message: string, status: number): string {
  if (/grammar|schema/iu.test(message)) return "The model's server cannot guide its answer by this grammar.";
  if (/image|base64/iu.test(message)) return "The model's server could not read an image.";
  if (message.includes('`inputs` cannot be empty')) return 'There is no text to go on from.';
  const name = [...message.matchAll(/`(\w+)`/gu)]
    .map(([, name = '']) => name)
    .find((name) => names.has(name));
  if (name !== undefined) return `The model's server refuses the value of ${name}.`;
  return status >= 500
    ? `The model's server failed (status ${String(status)}).`
    : `The model's server refuses the request (status ${String(status)}).`;
}
