import type { Migration } from './migration';

/**
 * Files that people attach, and which messages show them; the ids are of the owner alone, so nobody learns of another's.
 * `unused_since` is there while no message shows a file: from its upload on, or 0 once the last message is gone. Triggers
 * keep it, so a message that goes with its conversation is not forgotten. Bytes lie apart: SQLite writes a row anew as a
 * whole, and nothing about a file but its own removal is to write megabytes.
 */
export const files: Migration = {
  name: '0008-files',
  embedded: (database) =>
    database.exec(`
      CREATE TABLE files (
        number INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        unused_since INTEGER,
        body TEXT NOT NULL,
        UNIQUE (owner, id)
      );
      CREATE TABLE file_bytes (
        file_number INTEGER PRIMARY KEY REFERENCES files (number) ON DELETE CASCADE,
        bytes BLOB NOT NULL
      );
      CREATE INDEX files_unused ON files (unused_since) WHERE unused_since IS NOT NULL;

      CREATE TABLE file_uses (
        message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        file_number INTEGER NOT NULL REFERENCES files (number),
        PRIMARY KEY (message_id, file_number)
      ) WITHOUT ROWID;
      CREATE INDEX file_uses_by_file ON file_uses (file_number);

      CREATE TRIGGER files_used AFTER INSERT ON file_uses BEGIN
        UPDATE files SET unused_since = NULL WHERE number = NEW.file_number AND unused_since IS NOT NULL;
      END;
      CREATE TRIGGER files_left AFTER DELETE ON file_uses
        WHEN NOT EXISTS (SELECT 1 FROM file_uses WHERE file_number = OLD.file_number) BEGIN
        UPDATE files SET unused_since = 0 WHERE number = OLD.file_number;
      END;
    `),
};
