import type { z } from 'zod';
import type { FinishReason, MessageRole } from '../../domain/message';
import type { ModelCapabilities } from '../../domain/model-summary';
import type { ProgressLabel } from '../../domain/generation-event';
import type { GenerationParameters, ParameterName } from '../../domain/parameters';
import type { TextKind, ToolCall } from '../../domain/parts';
import type { PromptToken, TokenInfo } from '../../domain/token-info';
import type { HttpSettings } from './http/settings';
import type { FolderFacts } from './local/model-folder';
import { redactedFault, type Redact } from './redacted-fault';

/** A message as a backend reads it: its text, and the images that stand before it. */
export interface PromptMessage {
  role: MessageRole;
  content: string;
  images?: PromptImage[];
}

/** An image of a message; its bytes come from `GenerateRequest.readFile`. */
export interface PromptImage {
  fileId: string;
  mime: string;
}

/** What a run asks of a backend. `prefix` is text that the answer starts with and that is not repeated in the deltas. */
export type GenerateInput =
  | { kind: 'messages'; messages: PromptMessage[]; prefix?: string }
  | {
      kind: 'prompt';
      prompt: string;
      suffix?: string;
      /** Where `imageMark` stands in the prompt, the next of these belongs. */
      images?: PromptImage[];
      /**
       * The prompt is a conversation, put into its template here, with what the answer starts with. Absent: a text to go on from,
       * in which nothing means anything.
       */
      conversation?: { prefix: string };
    }
  | { kind: 'text2text'; text: string; task?: string };

export { imageMark } from '../../domain/prompt';

export type GenerateRequest = GenerateInput & {
  parameters: GenerationParameters;
  signal: AbortSignal;
  /** The bytes of a file of the owner, by its id; for `PromptImage`. Throws `not-found`. */
  readFile?: (fileId: string) => Promise<Uint8Array>;
  /** Whose earlier work may be reused: `scope` is the owner and conversation, and never crosses owners. */
  cache?: {
    scope: string;
    /** A beginning of the prompt that is the operator's: its computation may be shared by all owners. */
    sharedPrefix?: string;
  };
};

export type BackendEvent =
  | { type: 'delta'; choice: number; kind: TextKind; text: string; tokens?: TokenInfo[] }
  /** How likely the model found the prompt (`decoder_input_details`); all of it at once. */
  | { type: 'prompt-logprobs'; choice: number; tokens: PromptToken[] }
  /** A function that the model wants called, whole. */
  | ({ choice: number } & ToolCall)
  | { type: 'progress'; label: ProgressLabel; fraction: number }
  | { type: 'warning'; code: string; text: string }
  /** One of several answers (`num_return_sequences`) is complete. */
  | { type: 'choice-end'; choice: number; reason: FinishReason }
  | { type: 'finish'; reason: FinishReason; usage?: BackendUsage };

export interface BackendUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens?: number;
}

/** What a server says of its model. What is absent it does not say. */
export interface BackendFacts {
  /** Tokens of prompt and answer together. */
  contextLength?: number;
  capabilities?: ModelCapabilities;
  /** For people: architecture, size, version. */
  description?: string;
}

/** Whether a backend can answer now. `reason` and `remedy` are for people. */
export type BackendState =
  { state: 'ready' } | { state: 'loading' } | { state: 'unavailable'; reason: string; remedy: string };

/**
 * A source of text: a driver with its configuration. The contract is in `conformance.ts`: zero or more deltas, then
 * exactly one `finish`; faults are thrown as `AppError` with a `backend-*` or `model-unavailable` code; once the signal
 * aborts nothing more is yielded and what the request held is free; leaving the loop early does the same.
 */
export interface Backend {
  /** That of its definition. */
  readonly type: string;
  readonly accepts: readonly GenerateInput['kind'][];
  /** The others give one warning each. What a server knows may be known only once it was asked (`warmUp`). */
  readonly supportedParameters: readonly ParameterName[];
  /** Whether one request may ask for several answers (`num_return_sequences`); otherwise each is a request. */
  readonly writesChoices: boolean;
  /** Requests that it serves at once; more wait in a line. Absent: no limit. */
  readonly maxConcurrency?: number;
  generate(request: GenerateRequest): AsyncIterable<BackendEvent>;
  /**
   * Tokens of `text` as it stands, without added special tokens. Absent: it never says. `undefined`: this server does not,
   * and lengths stand for it.
   */
  countTokens?(text: string): Promise<number | undefined>;
  /** What the server said of the model when it was last asked; the same object until it says something else. */
  facts?(): BackendFacts;
  /**
   * What the model's own files say, read anew. Absent: it has none here. Throws `model-unavailable` with `details.remedy`
   * for files that it could not work with.
   */
  readFolder?(): Promise<FolderFacts>;
  /**
   * Makes it ready (loads weights, probes the server), which costs nothing once it is. `onProgress` hears how far it is,
   * from 0 to 1. Resolves with the outcome; does not throw for a known fault.
   */
  warmUp(onProgress?: (fraction: number) => void): Promise<BackendState>;
  /** The state as last known, without any I/O. `ready` also where the next request makes it so. */
  state(): BackendState;
  close(): Promise<void>;
}

/** The configuration of a backend. What else it has is its driver's to know, whose schema it has passed. */
export type BackendConfig = { type: string } & Readonly<Record<string, unknown>>;

/** A kind of backend: its name in the configuration, what it needs there, and how one is made (without I/O). */
export interface BackendDefinition<C> {
  type: string;
  schema: z.ZodType<C>;
  create(config: C, context?: BackendContext): Backend;
}

/** What all backends of this server are given. */
export interface BackendContext {
  note?: Note;
  http: HttpSettings;
}

/** For the log: what happened, with figures, and never what people wrote. */
export type Note = (message: string, details: object) => void;

/**
 * The events of an answer as the contract wants them: none once the signal has aborted, and no fault of what the abort
 * broke. `onFault` hears every other fault and returns what is thrown instead, in which `redact` leaves no key.
 */
export async function* untilAborted(
  signal: AbortSignal,
  events: AsyncIterable<BackendEvent>,
  { redact, onFault }: { redact: Redact; onFault: (thrown: unknown) => unknown },
): AsyncGenerator<BackendEvent> {
  // Nobody is asked then.
  if (signal.aborted) return;
  try {
    for await (const event of events) {
      if (signal.aborted) return;
      yield event;
    }
  } catch (thrown) {
    if (signal.aborted) return;
    throw redactedFault(onFault(thrown), redact);
  }
}
