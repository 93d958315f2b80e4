import type { AppError } from '../../../domain/errors';
import { readFault } from '../http/upstream-fault';

/** Most times that one request is said in another way. */
export const mostRewordings = 6;

/** What a server has refused, and how it is asked from then on. */
export interface Learned {
  /** Its chat template knows no system message. */
  foldsSystem: boolean;
  usesCompletionTokens: boolean;
  /** A given start and reasoning exclude each other there. */
  noThinkingWithPrefix: boolean;
  /** Fields of the body that it does not take. */
  refused: ReadonlySet<string>;
}

export const nothingLearned: Learned = {
  foldsSystem: false,
  usesCompletionTokens: false,
  noThinkingWithPrefix: false,
  refused: new Set(),
};

/** Fields without which the request would not be the same. */
const needed: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'prompt',
  'suffix',
  'stream',
  'max_completion_tokens',
]);

const aboutRoles =
  /system (?:role|message|prompt)|roles? must alternate|only (?:support )?user(?: and|,) (?:assistant|model) roles|chat template|template error|raise_exception|jinja/iu;
const aboutThinking = /(?:prefill|prefix).{0,60}(?:enable_)?thinking/isu;

export interface Refused {
  status: number;
  text: string;
  /** The body that was refused. */
  body: Readonly<Record<string, unknown>>;
  hasSystem: boolean;
  hasPrefix: boolean;
}

/** How to ask again, from what a server said; `undefined` when asking again would change nothing. */
export function learnFrom(refused: Refused, learned: Learned): Learned | undefined {
  const { status, text, body, hasSystem, hasPrefix } = refused;
  if (status !== 400 && status !== 422 && status !== 500) return undefined;
  const fault = readFault(text);
  const field = refusedField(fault.fields, fault.message);
  const isRenamed = field === 'max_tokens' && /max_completion_tokens/u.test(text);
  if (isRenamed && 'max_tokens' in body && !learned.usesCompletionTokens)
    return { ...learned, usesCompletionTokens: true };
  // One that is there again stands in the `body` of the configuration, which is the operator's.
  if (field !== undefined && field in body && !needed.has(field) && !learned.refused.has(field))
    return { ...learned, refused: new Set([...learned.refused, field]) };
  if (hasPrefix && !learned.noThinkingWithPrefix && aboutThinking.test(fault.message))
    return { ...learned, noThinkingWithPrefix: true };
  if (hasSystem && !learned.foldsSystem && aboutRoles.test(`${fault.type} ${fault.message}`))
    return { ...learned, foldsSystem: true };
  return undefined;
}

/** OpenAI names it in `param`, others in the sentence, pydantic in the place of what must not be there. */
function refusedField(fields: Readonly<Record<string, unknown>>, message: string): string | undefined {
  const [detail] = Array.isArray(fields.detail) ? (fields.detail as unknown[]) : [];
  if (
    typeof detail === 'object' &&
    detail !== null &&
    'type' in detail &&
    detail.type === 'extra_forbidden'
  ) {
    const place: unknown = 'loc' in detail && Array.isArray(detail.loc) ? detail.loc.at(-1) : undefined;
    return typeof place === 'string' ? place : undefined;
  }
  if (
    !/unsupported|not supported|unrecognized|unknown (?:field|name|parameter)|not permitted/iu.test(message)
  )
    return undefined;
  if (typeof fields.param === 'string') return fields.param;
  return /['"`]([a-z_]+)['"`]/u.exec(message)?.[1];
}

/** The room that is left for the answer when the prompt fits and the answer that was asked for does not. */
export function roomFor(error: AppError): number | undefined {
  if (error.code !== 'context-too-long') return undefined;
  const { promptTokens, limit } = error.details ?? {};
  if (typeof promptTokens !== 'number' || typeof limit !== 'number') return undefined;
  return limit > promptTokens ? limit - promptTokens : undefined;
}
