import type { PublicError } from './errors';
import type { FinishReason, MessageStatus, Usage } from './message';
import type { GenerationParameters } from './parameters';

export type GenerationStatus = 'queued' | 'running' | 'completed' | 'stopped' | 'failed' | 'interrupted';
export type EndStatus = Extract<GenerationStatus, 'completed' | 'stopped' | 'failed' | 'interrupted'>;

/** One run of a model: the intent, who carries it out, and how it ended. Its text is in its messages. */
export interface Generation {
  id: string;
  conversationId: string;
  /** The messages that it writes, by `choice`. */
  messageIds: string[];
  modelId: string;
  /** What the owner, the conversation and the request set, over the model's own. */
  parameters: GenerationParameters;
  /** Text that the answer starts with (a continuation). */
  prefix: string;
  status: GenerationStatus;
  /** The process that runs it; see `storage.processes`. */
  processId: string;
  /** Of the request that started it: the same ids with another body are a conflict. */
  requestHash: string;
  /** Once the prompt was made; absent: it never was. */
  prompt?: PromptRecord;
  finishReason?: FinishReason;
  usage?: Usage;
  error?: PublicError;
  createdAt: Date;
  endedAt?: Date;
}

/** What a run keeps so that its prompt can be rendered again and checked. */
export interface PromptRecord {
  /** SHA-256 of exactly what the backend was given, in base64url. */
  hash: string;
  systemPrompt?: string;
  /** Whether it was the plain text of the path, without chat template. */
  isRaw?: boolean;
  /** What it was asked to do with the text, of a model that has a choice. */
  task?: string;
  /** As the backend was given them. */
  parameters: GenerationParameters;
  /** Messages at the start of the path that did not fit. */
  leftOut: number;
}

const transitions: Record<GenerationStatus, readonly GenerationStatus[]> = {
  queued: ['running', 'stopped', 'failed', 'interrupted'],
  running: ['completed', 'stopped', 'failed', 'interrupted'],
  completed: [],
  stopped: [],
  failed: [],
  interrupted: [],
};

/** Whether a generation may go from one status to the other. */
export function canBecome(from: GenerationStatus, to: GenerationStatus): boolean {
  return transitions[from].includes(to);
}

/** Whether a generation in this status has ended for good. */
export function hasEnded(status: GenerationStatus): status is EndStatus {
  return transitions[status].length === 0;
}

/** The status of the messages of a generation. */
export function messageStatusOf(status: GenerationStatus): MessageStatus {
  switch (status) {
    case 'queued':
    case 'running':
      return 'running';
    case 'completed':
      return 'complete';
    default:
      return status;
  }
}
