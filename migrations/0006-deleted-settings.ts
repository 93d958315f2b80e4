import type { Migration } from './migration';

/** The defaults of an owner are deleted with everything else, and can be brought back with it until they are purged. */
export const deletedSettings: Migration = {
  name: '0006-deleted-settings',
  embedded: (database) => database.exec('ALTER TABLE owner_settings ADD COLUMN deleted_at INTEGER;'),
};
