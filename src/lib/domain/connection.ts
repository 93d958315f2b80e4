import type { ModelCapabilities } from './model-summary';

/** Which program speaks at an address; `unknown`: one that speaks the dialect of OpenAI. */
export const serverFlavours = [
  'tgi',
  'vllm',
  'llama.cpp',
  'llama-cpp-python',
  'ollama',
  'lm-studio',
  'hf-router',
  'openrouter',
  'openai',
  'unknown',
] as const;
export type ServerFlavour = (typeof serverFlavours)[number];

/**
 * Whether a question to such a server ends the answer that it is writing, as `interrupt_requests` of llama-cpp-python does
 * unless it is turned off. Its list of models stays the same while it runs.
 */
export function isEndedByQuestions(flavour: ServerFlavour): boolean {
  return flavour === 'llama-cpp-python';
}

/** The drivers that speak with servers that list their models. */
export const serverBackends = ['openai', 'tgi', 'ollama'] as const;
export type ServerBackend = (typeof serverBackends)[number];

/** A model that a server says it has. */
export interface OfferedModel {
  /** As the server wants to hear it. */
  id: string;
  name?: string;
  description?: string;
  /** Tokens of prompt and answer together. */
  contextLength?: number;
  capabilities: ModelCapabilities;
  /** It makes vectors and does not answer. */
  isEmbedding?: boolean;
}

/** Which models of a server are used: those of these ids, or all that answer, also those that it gets later. */
export type ModelChoice = 'all' | string[];

/** A server that was connected in the app. It belongs to this instance and not to an owner. */
export interface Connection {
  id: string;
  /** For people; changes. */
  name: string;
  /** Before the ids of its models. Made once: conversations name their model by it. */
  prefix: string;
  /** The base that the driver wants. */
  url: string;
  backend: ServerBackend;
  flavour: ServerFlavour;
  /** Its key and all else that is nobody's to read, sealed with the secret of this instance. */
  sealed?: string;
  choice: ModelChoice;
  /** Nobody but administrators knows of its models. */
  isForAdmins?: boolean;
  /** What it last said of the models that are chosen: they are offered while it is down, too. */
  models: OfferedModel[];
  createdAt: Date;
}

/** How a connected server was when it was last asked. Words are for people. */
export type ConnectionState =
  | { state: 'ready' }
  /** Nobody has asked it yet. */
  | { state: 'unchecked' }
  | { state: 'failed'; reason: string }
  /** The secret of this instance is another one now: the key must be given again. */
  | { state: 'key-lost'; reason: string }
  /** What is stored of it cannot be used, and nothing of it is offered: it is given again, or removed. */
  | { state: 'broken'; reason: string };

/** What a page knows of a connected server. Never its key. */
export type ConnectionSummary = Omit<Connection, 'sealed' | 'models'> & {
  hasKey: boolean;
  /** Those that are offered, by the id under which they are offered. */
  models: { id: string; name: string }[];
  status: ConnectionState;
};

/** What was found at an address that is not connected yet. */
export interface FoundServer {
  flavour: ServerFlavour;
  backend: ServerBackend;
  url: string;
  /** A name to begin with. */
  name: string;
  models: OfferedModel[];
}

/** What a model said when it was asked for a token or two. */
export interface ModelTest {
  /** What it began to answer; may be empty. */
  text: string;
  /** From the request to the end. */
  durationMs: number;
}

/** What people call each. */
export const flavourNames: Readonly<Record<ServerFlavour, string>> = {
  tgi: 'Text Generation Inference',
  vllm: 'vLLM',
  'llama.cpp': 'llama.cpp',
  'llama-cpp-python': 'llama-cpp-python',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
  'hf-router': 'Hugging Face',
  openrouter: 'OpenRouter',
  openai: 'OpenAI',
  unknown: 'OpenAI-compatible server',
};
