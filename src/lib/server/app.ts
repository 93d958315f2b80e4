import type { Logger } from 'pino';
import type { Env } from './config/env';
import type { Conversations } from './generation/conversations';
import type { Generations } from './generation/generations';
import type { ModelRegistry } from './models/registry';

/** Everything that a request may use. */
export interface App {
  readonly env: Env;
  readonly log: Logger;
  readonly models: ModelRegistry;
  readonly conversations: Conversations;
  readonly generations: Generations;
  /** Whether migrations are done, storage answers and the models are ready, with a word for each that is not. */
  readiness(): Promise<Readiness>;
  /** Refuses new runs, ends the others with what they have, then closes all rooms in reverse order. */
  close(): Promise<void>;
}

export interface Readiness {
  isReady: boolean;
  storage: 'ready' | 'unavailable';
  models: Record<string, 'ready' | 'loading' | 'unavailable'>;
}
