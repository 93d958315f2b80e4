import type { Logger } from 'pino';
import { openGenerationRoom, type GenerationRoom } from './generation/index';
import { discoverServer } from './backends/discovery/discover';
import { findInstanceSecret } from './config/instance-secret';
import { openModels } from './models/open-models';
import { openConnections, type Connections } from './models/connections/open-connections';
import type { ModelSettings } from './models/operator-models';
import type { ModelRegistry } from './models/registry';
import { programPath } from './programs';
import { openStorage } from './storage/index';
import type { Storage } from './storage/storage';

export interface AppOptions extends ModelSettings {
  /** Where the embedded database lies; absent: in memory. */
  dataDir: string | undefined;
  /** Id of the model that does small work, such as titles; absent: none does. */
  taskModel?: string | undefined;
  /** Whether an owner runs this server; absent: whoever asks does. */
  isAdmin?: (owner: string) => boolean;
  /** Absent: one is made and kept in `dataDir`. */
  secretKey?: string | undefined;
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
  /** Servers that were connected in the app. */
  readonly connections: Connections;
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
  const { dataDir, isAdmin = () => true, taskModel } = options;
  const opened = await openModels(options, {
    discover: discoverServer,
    note: (message, details) => log.info(details, message),
    warn: (message, details) => log.warn(details, message),
    isAdmin,
  });
  const models = opened.registry;
  const place = dataDir === undefined ? { memory: true as const } : { dataDir };
  const storage = await openStorage({ ...place, workerPath: programPath('storage-worker') });
  const connections = await openConnections({
    book: storage.connections,
    registry: models,
    secret: () => findInstanceSecret(options),
    http: options.http,
    note: (message, details) => log.info(details, message),
    warn: (message, details) => log.warn(details, message),
  });
  const generation = await openGenerationRoom({ storage, models, log, taskModel });
  let isWarm = false;
  const warming = models
    .warmUp()
    .catch((thrown: unknown) => log.error({ err: thrown }, 'models could not be loaded'))
    .finally(() => (isWarm = true));
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    await generation.close();
    await connections.close();
    await opened.close();
    await warming;
    await generation.closeReaper();
    await storage.close();
  };
  return {
    log,
    models,
    connections,
    ...generation.room,
    readiness: () => readinessOf(storage, models, isWarm),
    close: () => (closing ??= closeAll()),
  };
}

async function readinessOf(storage: Storage, models: ModelRegistry, isWarm: boolean): Promise<Readiness> {
  const storageState = await storage.check().then(
    () => 'ready' as const,
    () => 'unavailable' as const,
  );
  const states = models.list().map(({ id, availability }) => [id, availability.state] as const);
  // One model that is missing, or that is loaded again later, must not take the whole app out of service.
  const isReady = storageState === 'ready' && isWarm;
  return { isReady, storage: storageState, models: Object.fromEntries(states) };
}
