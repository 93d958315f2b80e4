import type { ErrorCode } from '../../../domain/errors';
import { refusalWords } from './refused-parameter';
import type { UpstreamFault } from './upstream-fault';

/** A kind of fault of a server, and what is said of it. */
export interface FaultKind {
  code: ErrorCode;
  /** For a person: what happened, and where it helps what to do. */
  text: string;
  retryable: boolean;
}

const kinds = {
  key: {
    code: 'backend-rejected',
    text: "The key was refused: the model's server wants another one, or any at all.",
    retryable: false,
  },
  forbidden: {
    code: 'backend-rejected',
    text: "The key was refused: it may not use this model, or the model's server forbids this request.",
    retryable: false,
  },
  credit: {
    code: 'backend-rejected',
    text: "The account with the model's server has no credit left.",
    retryable: false,
  },
  model: { code: 'model-unavailable', text: 'The server does not have this model.', retryable: false },
  path: {
    code: 'backend-rejected',
    text: "The model's server has nothing at this address: the path of its URL may be wrong.",
    retryable: false,
  },
  redirect: {
    code: 'backend-rejected',
    text: "The model's server sends us on to another address, which is not followed: its URL may be wrong.",
    retryable: false,
  },
  large: {
    code: 'backend-rejected',
    text: "The request is larger than the model's server takes: fewer or smaller images may fit.",
    retryable: false,
  },
  image: { code: 'backend-rejected', text: 'The model takes no images.', retryable: false },
  template: {
    code: 'backend-rejected',
    text: 'The chat template of the model refuses this conversation.',
    retryable: false,
  },
  limited: {
    code: 'rate-limited',
    text: "The model's server takes no more requests from us for a while.",
    retryable: true,
  },
  overloaded: { code: 'rate-limited', text: "The model's server has too much to do.", retryable: true },
  loading: {
    code: 'model-unavailable',
    text: "The model's server is still loading the model.",
    retryable: true,
  },
  down: {
    code: 'backend-unreachable',
    text: "The model's server cannot answer at the moment.",
    retryable: true,
  },
  time: { code: 'backend-unreachable', text: "The model's server took too long.", retryable: true },
  refused: { code: 'backend-rejected', text: "The model's server refused the request.", retryable: false },
  failed: {
    code: 'backend-rejected',
    text: "The model's server failed while it worked on this request.",
    retryable: true,
  },
} as const satisfies Record<string, FaultKind>;

type KindName = keyof typeof kinds;

/** What the words of a server mean, whatever its status: the first that fits. */
const signs: readonly (readonly [KindName, RegExp])[] = [
  ['loading', /\bloading model|model(?: \S{1,200})? is (?:currently |still )?loading|being loaded/iu],
  ['overloaded', /overloaded|too many concurrent/iu],
  [
    'model',
    /model_not_found|no such model|model\b.{0,200}\b(?:not found|not exist|not available|unknown)|unknown model/isu,
  ],
  [
    'template',
    /chat template|template error|template_error|roles? must alternate|system role|only user.{0,20}assistant roles|jinja/iu,
  ],
  [
    'image',
    /image input|images? (?:is|are) not supported|multimodal|multi-modal|mmproj|does not support (?:images?|vision)/iu,
  ],
  ['credit', /insufficient_quota|insufficient credits?|exceeded .{0,30}credits/iu],
];

const byStatus: Readonly<Record<number, KindName>> = {
  401: 'key',
  402: 'credit',
  403: 'forbidden',
  404: 'path',
  408: 'time',
  413: 'large',
  429: 'limited',
  502: 'down',
  503: 'down',
  504: 'time',
  529: 'overloaded',
};

/** These say what they mean, whatever stands in the body. */
const certain: ReadonlySet<number> = new Set([401, 402, 403, 408, 413, 529]);

export function faultKind(fault: UpstreamFault): FaultKind {
  const { status, message, type } = fault;
  const name = status === undefined || !certain.has(status) ? signOf(`${type} ${message}`) : undefined;
  const kind =
    kinds[name ?? kindOfStatus(status, /^input validation error/iu.test(message) ? 'validation' : type)];
  return kind === kinds.refused ? { ...kind, text: refusalWords(fault) } : kind;
}

function signOf(words: string): KindName | undefined {
  return signs.find(([, sign]) => sign.test(words))?.[0];
}

function kindOfStatus(status: number | undefined, type: string): KindName {
  if (status === undefined) {
    if (/rate.?limit|too.?many/iu.test(type)) return 'limited';
    return /validation|invalid|bad.?request|unsupported/iu.test(type) ? 'refused' : 'failed';
  }
  if (status >= 300 && status < 400) return 'redirect';
  return byStatus[status] ?? (status >= 400 && status < 500 ? 'refused' : 'failed');
}
