import type { Migration } from './migration';

/**
 * Messages can be deleted, and brought back until they are purged. Every row that is hidden says since when, and by the
 * deletion of which message (`deleted_with`), so that what is shown is found without a walk through the tree.
 */
export const deletedMessages: Migration = {
  name: '0003-deleted-messages',
  embedded: (database) =>
    database.exec(`
      ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
      ALTER TABLE messages ADD COLUMN deleted_with TEXT;
      CREATE INDEX messages_deleted ON messages (deleted_with) WHERE deleted_with IS NOT NULL;
      CREATE INDEX messages_deleted_at ON messages (deleted_at) WHERE deleted_at IS NOT NULL;
    `),
};
