import type { Migration } from './migration';

/** Servers that were connected in the app: of the instance, so no row names an owner. The body has the sealed key. */
export const connections: Migration = {
  name: '0007-connections',
  embedded: (database) =>
    database.exec(`
      CREATE TABLE connections (
        id TEXT NOT NULL PRIMARY KEY,
        created_at INTEGER NOT NULL,
        body TEXT NOT NULL
      );
    `),
};
