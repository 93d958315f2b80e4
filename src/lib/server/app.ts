import type { Logger } from 'pino';
import { openGenerationRoom, type GenerationRoom } from './generation/index';
import { readModelConfigs, type ModelSettings } from './models/model-config';
import { ModelRegistry } from './models/registry';
import { programPath } from './programs';
import { openStorage } from './storage/index';
import type { Storage } from './storage/storage';

export interface AppOptions extends ModelSettings {
  /** Where the embedded database lies; absent: in memory. */
  dataDir: string | undefined;
}

export interface Readiness {
  isReady: boolean;
  storage: 'ready' | 'unavailable';
  models: Record<string, 'ready' | 'loading' | 'unavailable'>;
}

/** Everything that a request may use. */
export interface App extends GenerationRoom {
  readonly log: Logger;
  readonly models: ModelRegistry;
  /** Whether storage answers and the models are ready, with a word for each. */
  readiness(): Promise<Readiness>;
  /** Refuses new runs, ends the others with what they have, then closes all rooms in reverse order. */
  close(): Promise<void>;
}

/**
 * Builds the rooms in order. Resolves when storage is open, migrated and free of what a former process left running;
 * the models go on loading. Throws `config-invalid` with sentences for whoever starts the server.
 */
export async function createApp(options: AppOptions, log: Logger): Promise<App> {
  const configs = readModelConfigs(options);
  const { dataDir } = options;
  const place = dataDir === undefined ? { memory: true as const } : { dataDir };
  const storage = await openStorage({ ...place, workerPath: programPath('storage-worker') });
  const models = new ModelRegistry(configs);
  const generation = await openGenerationRoom({ storage, models, log });
  const warming = models
    .warmUp()
    .catch((thrown: unknown) => log.error({ err: thrown }, 'models could not be loaded'));
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    await generation.close();
    await models.close();
    await warming;
    await generation.closeReaper();
    await storage.close();
  };
  return {
    log,
    models,
    ...generation.room,
    readiness: () => readinessOf(storage, models),
    close: () => (closing ??= closeAll()),
  };
}

async function readinessOf(storage: Storage, models: ModelRegistry): Promise<Readiness> {
  const storageState = await storage.check().then(
    () => 'ready' as const,
    () => 'unavailable' as const,
  );
  const states = models.list().map(({ id, availability }) => [id, availability.state] as const);
  // One model that is missing must not take the whole app out of service: it is ready when none is still loading.
  const isReady = storageState === 'ready' && states.every(([, state]) => state !== 'loading');
  return { isReady, storage: storageState, models: Object.fromEntries(states) };
}
