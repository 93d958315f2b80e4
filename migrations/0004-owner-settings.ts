import type { Migration } from './migration';

/** The defaults of each owner, by key in the body. The prompt of a run needs no column: it is in the run's body. */
export const ownerSettings: Migration = {
  name: '0004-owner-settings',
  embedded: (database) =>
    database.exec(`
      CREATE TABLE owner_settings (
        owner TEXT NOT NULL PRIMARY KEY,
        body TEXT NOT NULL
      );
    `),
};
