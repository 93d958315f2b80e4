import { z } from 'zod';
import { AppError, errorCodes } from '../../domain/errors';
import { parametersKnownTo, unknownParameters } from '../../domain/known-parameters';
import { imageMimes } from '../../domain/image-format';
import type { ImageLimits } from '../../domain/model-summary';
import type { TextKind } from '../../domain/parts';
import type { TokenInfo } from '../../domain/token-info';
import type {
  Backend,
  BackendDefinition,
  BackendEvent,
  BackendFacts,
  GenerateInput,
  GenerateRequest,
} from './backend';
import { scriptedToken } from './scripted-tokens';
import { StopSequences } from './stop-sequences';

const replySchema = z.strictObject({
  /** The reply is for requests whose last text contains this; absent: for any. */
  when: z.string().optional(),
  /**
   * `{input}` becomes the last text of the request, `{images}` how many images it has and of how many bytes each, `{time}`
   * the milliseconds since 1970 when the token is written.
   */
  text: z.string(),
  /** Written after the text, so many times: for long answers. `{n}` becomes 0, 1, 2 ... */
  repeat: z.strictObject({ text: z.string(), times: z.int().positive() }).optional(),
  /** Written before the text, as reasoning. */
  reasoning: z.string().optional(),
  /** What one token is; absent: a word. */
  tokens: z.enum(['words', 'characters']).optional(),
  /** Absent: as fast as the reader reads. */
  tokensPerSecond: z.number().positive().optional(),
  /** Wait before the first token, in milliseconds. */
  delayMs: z.number().min(0).optional(),
  /** Tokens after which it fails, and with what. */
  failsAfter: z.int().min(0).optional(),
  failsWith: z.enum(errorCodes).optional(),
});

const configSchema = z.strictObject({
  type: z.literal('scripted'),
  replies: z.array(replySchema).min(1),
  maxConcurrency: z.int().positive().optional(),
  /** It takes images, within these limits. */
  images: z
    .union([
      z.literal(true),
      z.strictObject({
        maxCount: z.int().positive().optional(),
        maxBytes: z.int().positive().optional(),
        maxPixels: z.int().positive().optional(),
        mimeTypes: z.array(z.enum(imageMimes)).min(1).optional(),
      }),
    ])
    .optional(),
});

export type ScriptedConfig = z.infer<typeof configSchema>;
type Reply = z.infer<typeof replySchema>;

/** A backend that says what its configuration says, at the pace it says: for tests, measurements and demonstrations. */
export const scriptedBackend: BackendDefinition<ScriptedConfig> = {
  type: 'scripted',
  schema: configSchema,
  create: (config) => new ScriptedBackend(config),
};

class ScriptedBackend implements Backend {
  readonly type = 'scripted';
  readonly accepts = ['messages', 'prompt'] as const;
  readonly supportedParameters = parametersKnownTo('scripted');
  readonly writesChoices = false;
  readonly maxConcurrency?: number;
  private readonly known: BackendFacts;

  constructor(private readonly config: ScriptedConfig) {
    const images = limitsOf(config.images);
    this.known = images ? { capabilities: { images } } : {};
    if (config.maxConcurrency !== undefined) this.maxConcurrency = config.maxConcurrency;
  }

  async *generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const { parameters, signal } = request;
    const input = lastText(request);
    const reply = this.replyTo(input);
    for (const name of unknownParameters(parameters, this.supportedParameters)) {
      yield { type: 'warning', code: 'unknown-parameter', text: `This backend does not know ${name}.` };
    }
    const images = reply.text.includes('{images}') ? await imageWords(request) : '';
    const pace = new Pace(signal);
    if (reply.delayMs) await pace.wait(reply.delayMs);
    const stop = new StopSequences(parameters.stop ?? []);
    const limit = parameters.max_new_tokens ?? Infinity;
    const { top_logprobs } = parameters;
    /** Of text that is held back: it may be the beginning of a stop sequence. */
    const tokens: TokenInfo[] = [];
    const delta = (kind: TextKind, text: string): BackendEvent => {
      const told = tokens.splice(0);
      return { type: 'delta', choice: 0, kind, text, ...(told.length > 0 && { tokens: told }) };
    };
    const startedAt = performance.now();
    let written = 0;
    for (const { kind, token } of tokensOfReply(reply, input, images)) {
      if (written >= limit) break;
      if (written === reply.failsAfter) throw faultOf(reply);
      const dueMs = reply.tokensPerSecond ? (written * 1000) / reply.tokensPerSecond : 0;
      await pace.wait(startedAt + dueMs - performance.now());
      if (signal.aborted) return;
      const said = token.replace('{time}', () => String(Date.now()));
      if (top_logprobs !== undefined) tokens.push(scriptedToken(said, written, top_logprobs));
      written += 1;
      const text = kind === 'reasoning' ? said : stop.push(said);
      if (text !== '') yield delta(kind, text);
      if (stop.hasStopped) break;
    }
    if (reply.failsAfter !== undefined && written <= reply.failsAfter) throw faultOf(reply);
    if (signal.aborted) return;
    const rest = stop.end();
    if (rest !== '') yield delta('text', rest);
    const reason = written >= limit && !stop.hasStopped ? 'length' : 'stop';
    yield { type: 'finish', reason, usage: { promptTokens: countTokens(input), completionTokens: written } };
  }

  countTokens(text: string): Promise<number> {
    return Promise.resolve(countTokens(text));
  }

  facts(): BackendFacts {
    return this.known;
  }

  warmUp() {
    return Promise.resolve(this.state());
  }

  state() {
    return { state: 'ready' } as const;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private replyTo(input: string): Reply {
    const reply = this.config.replies.find(({ when }) => when === undefined || input.includes(when));
    if (!reply) throw new AppError('backend-rejected', 'The script has no reply to this.');
    return reply;
  }
}

function* tokensOfReply(
  reply: Reply,
  input: string,
  images: string,
): Generator<{ kind: TextKind; token: string }> {
  const split = reply.tokens === 'characters' ? (text: string) => [...text] : tokensOf;
  for (const token of split(reply.reasoning ?? '')) yield { kind: 'reasoning', token };
  for (const token of split(reply.text.replaceAll('{input}', input).replaceAll('{images}', images)))
    yield { kind: 'text', token };
  const { text = '', times = 0 } = reply.repeat ?? {};
  for (let time = 0; time < times; time += 1) {
    for (const token of split(text.replaceAll('{n}', String(time)))) yield { kind: 'text', token };
  }
}

/** Words with the space before them: about what a tokenizer makes of English. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

function countTokens(text: string): number {
  return tokensOf(text).length;
}

function lastText(input: GenerateInput): string {
  if (input.kind === 'messages') return input.messages.at(-1)?.content ?? '';
  return input.kind === 'prompt' ? input.prompt : input.text;
}

function limitsOf(images: ScriptedConfig['images']): ImageLimits | undefined {
  if (!images) return undefined;
  const {
    maxCount = 8,
    maxBytes = 4_000_000,
    maxPixels = 2048,
    mimeTypes = imageMimes,
  } = images === true ? {} : images;
  return { maxCount, maxBytes, maxPixels, mimeTypes: [...mimeTypes] };
}

/** `2 images (1024, 77 bytes)`: of all that the request brings, as their bytes came. */
async function imageWords({ readFile, ...request }: GenerateRequest): Promise<string> {
  const images =
    request.kind === 'messages'
      ? request.messages.flatMap((message) => message.images ?? [])
      : request.kind === 'prompt'
        ? (request.images ?? [])
        : [];
  const sizes: number[] = [];
  for (const { fileId } of images) sizes.push((await readFile?.(fileId))?.byteLength ?? 0);
  return `${String(sizes.length)} images (${sizes.join(', ')} bytes)`;
}

function faultOf(reply: Reply): AppError {
  return new AppError(
    reply.failsWith ?? 'backend-unreachable',
    'The script says that the backend fails here.',
  );
}

/** Waits that an abort ends. One listener serves all waits of a reply: under load, one for each would cost more. */
class Pace {
  private timer: NodeJS.Timeout | undefined;
  private resolve: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Resolves after so many milliseconds, or when the signal aborts; absent when there is nothing to wait for. */
  wait(ms: number): Promise<void> | undefined {
    if (this.signal.aborted || ms < 1) return undefined;
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.timer = setTimeout(resolve, ms);
    });
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.resolve?.();
  }
}
