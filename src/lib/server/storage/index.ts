import { join } from 'node:path';
import { openEmbeddedStorage } from './embedded/embedded-storage';
import type { Storage } from './storage';

export interface StorageOptions {
  /** Where the embedded database lies; absent: in memory. */
  dataDir?: string;
  /** The built program of the worker thread. */
  workerPath: string;
}

/** Opens storage, migrated and ready. The embedded driver is the only one so far. */
export function openStorage({ dataDir, workerPath }: StorageOptions): Promise<Storage> {
  const file = dataDir === undefined ? ':memory:' : join(dataDir, 'parlance.db');
  return openEmbeddedStorage({ file, workerPath });
}
