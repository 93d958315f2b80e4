import type { Migration } from './migration';

/** All conversations of an owner in an order that does not change while they are read: what is exported. */
export const conversationsByCreation: Migration = {
  name: '0005-conversations-by-creation',
  embedded: (database) =>
    database.exec(`
      CREATE INDEX conversations_by_creation ON conversations (owner, created_at, id)
        WHERE deleted_at IS NULL AND leaf_id IS NOT NULL;
    `),
};
