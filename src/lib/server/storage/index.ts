import { join } from 'node:path';
import { openEmbeddedStorage } from './embedded/embedded-storage';
import type { Storage } from './storage';

/** Where the embedded database lies; one in memory must be asked for. `workerPath`: the built program of its thread. */
export type StorageOptions = { dataDir: string; workerPath: string } | { memory: true; workerPath: string };

/** Opens storage, migrated and ready. Throws `config-invalid` with a sentence for whoever starts the server. */
export function openStorage(options: StorageOptions): Promise<Storage> {
  // MongoDB is chosen here, by its address, once there is that driver.
  const file = 'memory' in options ? ':memory:' : join(options.dataDir, 'parlance.db');
  return openEmbeddedStorage({ file, workerPath: options.workerPath });
}
