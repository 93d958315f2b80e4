import type { Migration } from './migration';

/**
 * Conversations, their messages, the runs that write them and the log of each run. What people and models write is in
 * `body` alone. `entries` has one row for each batch as it was stored; its primary key is the fence of the log. Tables
 * with a body keep their rowid: storing the logs of 200 runs at once wrote three times as much without.
 */
export const initial: Migration = {
  name: '0001-initial',
  embedded: (database) =>
    database.exec(`
      CREATE TABLE conversations (
        id TEXT NOT NULL PRIMARY KEY,
        owner TEXT NOT NULL,
        kind TEXT NOT NULL,
        model_id TEXT NOT NULL,
        leaf_id TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER,
        body TEXT NOT NULL
      );
      CREATE INDEX conversations_by_owner ON conversations (owner, updated_at DESC, id DESC)
        WHERE deleted_at IS NULL AND leaf_id IS NOT NULL;
      CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

      CREATE TABLE messages (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent_id TEXT,
        role TEXT NOT NULL,
        status TEXT NOT NULL,
        generation_id TEXT,
        created_at INTEGER NOT NULL,
        body TEXT NOT NULL
      );
      CREATE INDEX messages_by_conversation ON messages (conversation_id, sequence);
      CREATE INDEX messages_by_generation ON messages (generation_id) WHERE generation_id IS NOT NULL;

      CREATE TABLE generations (
        id TEXT NOT NULL PRIMARY KEY,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        model_id TEXT NOT NULL,
        status TEXT NOT NULL,
        process_id TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        message_ids TEXT NOT NULL,
        is_stop_requested INTEGER NOT NULL DEFAULT 0,
        stop_through_seq INTEGER,
        last_seq INTEGER NOT NULL DEFAULT 0,
        has_entries INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        ended_at INTEGER,
        body TEXT NOT NULL
      );
      CREATE INDEX generations_unfinished ON generations (conversation_id) WHERE ended_at IS NULL;
      CREATE INDEX generations_by_conversation ON generations (conversation_id);
      CREATE INDEX generations_with_entries ON generations (ended_at) WHERE has_entries = 1;

      CREATE TABLE entries (
        generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (generation_id, first_seq)
      );

      CREATE TABLE processes (
        id TEXT PRIMARY KEY,
        counter INTEGER NOT NULL
      ) WITHOUT ROWID;
    `),
};
