import type { Migration } from './migration';

/**
 * Pins, unread marks and the index of what can be searched. The index has only terms, which the functions `title_terms`
 * and `message_terms` of the storage room make of a body; triggers keep it, so whatever writes a message cannot forget
 * to. A message is indexed once it is written to its end. Titles have numbers of their own, since the rowids of
 * `conversations` may change when the file is vacuumed. `hex` makes one term of any owner.
 */
export const search: Migration = {
  name: '0002-search',
  embedded: (database) =>
    database.exec(`
      ALTER TABLE conversations ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversations ADD COLUMN is_unread INTEGER NOT NULL DEFAULT 0;
      DROP INDEX conversations_by_owner;
      CREATE INDEX conversations_listed ON conversations (owner, is_pinned DESC, updated_at DESC, id DESC)
        WHERE deleted_at IS NULL AND leaf_id IS NOT NULL;

      CREATE TABLE titles (
        number INTEGER PRIMARY KEY,
        conversation_id TEXT NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE
      );
      CREATE VIRTUAL TABLE title_index USING fts5
        (owner, terms, content='', contentless_delete=1, tokenize='ascii');
      CREATE VIRTUAL TABLE message_index USING fts5
        (owner, terms, content='', contentless_delete=1, tokenize='ascii');

      INSERT INTO titles (conversation_id) SELECT id FROM conversations;
      INSERT INTO title_index (rowid, owner, terms)
        SELECT t.number, hex(c.owner), title_terms(c.body)
        FROM titles t JOIN conversations c ON c.id = t.conversation_id;
      INSERT INTO message_index (rowid, owner, terms)
        SELECT m.sequence, hex(c.owner), message_terms(m.body)
        FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.status <> 'running';

      CREATE TRIGGER titles_added AFTER INSERT ON conversations BEGIN
        INSERT INTO titles (conversation_id) VALUES (NEW.id);
        INSERT INTO title_index (rowid, owner, terms)
          SELECT number, hex(NEW.owner), title_terms(NEW.body) FROM titles WHERE conversation_id = NEW.id;
      END;
      CREATE TRIGGER titles_changed AFTER UPDATE OF body ON conversations
        WHEN title_terms(NEW.body) <> title_terms(OLD.body) BEGIN
        INSERT OR REPLACE INTO title_index (rowid, owner, terms)
          SELECT number, hex(NEW.owner), title_terms(NEW.body) FROM titles WHERE conversation_id = NEW.id;
      END;
      CREATE TRIGGER titles_removed AFTER DELETE ON titles BEGIN
        DELETE FROM title_index WHERE rowid = OLD.number;
      END;
      CREATE TRIGGER messages_added AFTER INSERT ON messages WHEN NEW.status <> 'running' BEGIN
        INSERT INTO message_index (rowid, owner, terms)
          SELECT NEW.sequence, hex(owner), message_terms(NEW.body) FROM conversations WHERE id = NEW.conversation_id;
      END;
      CREATE TRIGGER messages_finished AFTER UPDATE OF status, body ON messages WHEN NEW.status <> 'running' BEGIN
        INSERT OR REPLACE INTO message_index (rowid, owner, terms)
          SELECT NEW.sequence, hex(owner), message_terms(NEW.body) FROM conversations WHERE id = NEW.conversation_id;
      END;
      CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
        DELETE FROM message_index WHERE rowid = OLD.sequence;
      END;
    `),
};
