import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** An open SQLite database. */
export type EmbeddedDatabase = DatabaseSyncInstance;

/** One step of the schema, with a function for each storage driver. Never edited once released: a new one follows. */
export interface Migration {
  name: string;
  embedded: (database: EmbeddedDatabase) => void;
}
