import type { ImageLimits, ModelCapabilities } from '../../../domain/model-summary';
import type { BackendType } from '../../../domain/parameters';

/** Which program speaks at an address; `unknown`: one that speaks the dialect of OpenAI. */
export type ServerFlavour =
  'tgi' | 'vllm' | 'llama.cpp' | 'ollama' | 'lm-studio' | 'hf-router' | 'openrouter' | 'openai' | 'unknown';

/** A model that a server says it has. */
export interface DiscoveredModel {
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

/** What was found at an address. */
export interface DiscoveredServer {
  flavour: ServerFlavour;
  /** The driver that speaks with it. */
  backend: Extract<BackendType, 'tgi' | 'openai' | 'ollama'>;
  /** The base that this driver wants, found from what was given: `http://host:8000/v1`. */
  url: string;
  models: DiscoveredModel[];
}

/** What a model takes of which nobody says more than that it sees images: what all servers take. */
export const usualImages: ImageLimits = {
  maxCount: 8,
  maxBytes: 5 * 1024 * 1024,
  maxPixels: 2048,
  // GIF is refused by some.
  mimeTypes: ['image/jpeg', 'image/png', 'image/webp'],
};
