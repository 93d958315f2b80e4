import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** One step of the schema, with a function for each storage driver. Never edited once released: a new one follows. */
export interface Migration {
  name: string;
  embedded: (database: DatabaseSyncInstance) => void;
}
