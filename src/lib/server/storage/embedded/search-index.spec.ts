import { DatabaseSync } from '@photostructure/sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { migrations } from '../../../../../migrations/index';
import { parseSearch } from '../../../domain/search-terms';
import { programPath } from '../../programs';
import { openStorage } from '../index';
import { migrateEmbedded } from '../migrate';
import { ConversationTable } from './conversation-table';
import { Database } from './database';

const dataDir = mkdtempSync(join(tmpdir(), 'parlance-search-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** A database as it was before there was a search. */
function writeOld(file: string): void {
  const sqlite = new DatabaseSync(file);
  migrateEmbedded(sqlite, migrations.slice(0, 1));
  const parts = (text: string) => JSON.stringify({ parts: [{ type: 'text', text }] });
  sqlite.exec(`
    INSERT INTO conversations (id, owner, kind, model_id, leaf_id, created_at, updated_at, body)
      VALUES ('c', 'ann', 'chat', 'm', 'a', 1, 2, '{"title":"An old title","settings":{}}');
    INSERT INTO messages (id, conversation_id, role, status, created_at, body) VALUES
      ('q', 'c', 'user', 'complete', 1, '${parts('old question')}'),
      ('a', 'c', 'assistant', 'stopped', 2, '${parts('old answer')}'),
      ('r', 'c', 'assistant', 'running', 3, '${parts('old beginning')}');
  `);
  sqlite.close();
}

describe('the index of search', () => {
  it('has what was there before it', async () => {
    writeOld(join(dataDir, 'parlance.db'));
    const storage = await openStorage({ dataDir, workerPath: programPath('storage-worker') });
    const { hits } = await storage.search.find('ann', parseSearch('old'), { limit: 9 });
    expect(hits.map(({ message }) => message?.id)).toEqual([undefined, 'a', 'q']);
    const [listed] = (await storage.conversations.list('ann', { limit: 9 })).conversations;
    expect(listed).toMatchObject({ isPinned: false, isUnread: false });
    await storage.close();
  });

  it('keeps terms alone', () => {
    const database = withTitles(1);
    expect(database.get('SELECT owner, terms FROM title_index')).toEqual({ owner: null, terms: null });
    expect(termsOf(database)).toEqual(['616e6e', 'secret']);
    database.close();
  });

  it('has no term left of what is purged, after a few rounds', () => {
    const database = withTitles(500);
    const conversations = new ConversationTable(database);
    const isLeft = () =>
      database
        .all('SELECT block FROM title_index_data')
        .some(({ block }) => textIn(block).includes('secret'));
    expect(isLeft()).toBe(true);
    expect(conversations.purge(new Date(9), 1)).toBe(1);
    for (let round = 0; round < 5; round += 1) conversations.purge(new Date(0), 1);
    expect(isLeft()).toBe(false);
    expect(termsOf(database)).toContain('title99');
    database.close();
  });
});

/** Deleted conversations of different titles; the first was deleted first. */
function withTitles(count: number): Database {
  const database = Database.open(':memory:');
  for (let number = 0; number < count; number += 1) {
    database.run(
      `INSERT INTO conversations (id, owner, kind, model_id, created_at, updated_at, deleted_at, body)
       VALUES (?, 'ann', 'chat', 'm', 1, 1, ?, ?)`,
      `c${String(number)}`,
      number,
      JSON.stringify({ title: number === 0 ? 'Sécret' : `Title${String(number)}` }),
    );
  }
  return database;
}

function termsOf(database: Database): string[] {
  database.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.title_words USING fts5vocab(main, title_index, row)`,
  );
  return database.all('SELECT term FROM title_words ORDER BY term').map(({ term }) => String(term));
}

function textIn(block: unknown): string {
  return block instanceof Uint8Array ? Buffer.from(block).toString('latin1') : '';
}
