import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { defineSearchFunctions } from '../src/lib/server/storage/embedded/search-functions';

/** The id of the conversation with this number. */
export function seededId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/**
 * Writes `count` conversations of one question and one answer into the database of a server that is not running, one
 * for each minute back from now: `Conversation 0` is the newest. The real indexes and triggers take part.
 */
export function seedConversations(dataDir: string, count: number): void {
  const sqlite = new DatabaseSync(join(dataDir, 'parlance.db'));
  defineSearchFunctions(sqlite);
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${String(count)})`;
  const id = (version: 4 | 5 | 6) => `printf('00000000-0000-${String(version)}000-8000-%012x', n)`;
  const at = `(${String(Date.now())} - n * 60000)`;
  const body = (text: string) =>
    `json_object('parts', json_array(json_object('type', 'text', 'text', ${text})), 'origin', 'user')`;
  const message = (of: 5 | 6, parent: string, role: string, text: string) => `
    INSERT INTO messages (id, conversation_id, parent_id, role, status, created_at, body) ${numbers}
    SELECT ${id(of)}, ${id(4)}, ${parent}, '${role}', 'complete', ${at}, ${body(text)} FROM numbers ORDER BY n DESC;`;
  sqlite.exec(`
    BEGIN;
    INSERT INTO conversations (id, owner, kind, model_id, leaf_id, created_at, updated_at, body) ${numbers}
    SELECT ${id(4)}, 'single', 'chat', 'scripted', ${id(6)}, ${at}, ${at},
      json_object('title', 'Conversation ' || n, 'settings', json_object()) FROM numbers ORDER BY n DESC;
    ${message(5, 'NULL', 'user', `'What is number ' || n || '?'`)}
    ${message(6, id(5), 'assistant', `'It is the number ' || n || ', a whole one.'`)}
    COMMIT;`);
  sqlite.close();
}
