import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../domain/errors';
import { hasEnded } from '../../../domain/generation';
import type { StoredFile } from '../../../domain/files';
import type { WholeConversation } from '../../../domain/portable';
import type { ImportOutcome } from '../storage';
import { insertConversation } from './conversation-rows';
import type { Database, Row, SqlValue } from './database';
import { hasOther, putFile } from './file-table';
import { insertGeneration } from './generation-rows';
import { insertMessage } from './message-rows';
import { conversationOf, generationOf, messageOf } from './rows';

const maxPage = 1000;
const listed = 'owner = ? AND deleted_at IS NULL AND leaf_id IS NOT NULL';

/** All conversations of an owner in the embedded database; see `CollectionStore`. */
export class CollectionTable {
  constructor(private readonly database: Database) {}

  count(owner: string): number {
    return this.number(`SELECT count(*) AS number FROM conversations WHERE ${listed}`, owner);
  }

  ids(
    owner: string,
    { after, limit }: { after?: string; limit: number },
  ): { ids: string[]; next: string | null } {
    const [createdAt, afterId] = after === undefined ? [Number.MIN_SAFE_INTEGER, ''] : parseCursor(after);
    const size = Math.trunc(Math.min(Math.max(limit, 1), maxPage));
    const rows = this.database.all(
      `SELECT id, created_at FROM conversations WHERE ${listed} AND (created_at, id) > (?, ?)
       ORDER BY created_at, id LIMIT ?`,
      owner,
      createdAt,
      afterId,
      size + 1,
    );
    const page = rows.slice(0, size);
    const last = page.at(-1);
    const next = rows.length > size && last ? `${String(last.created_at)}_${String(last.id)}` : null;
    return { ids: page.map(({ id }) => String(id)), next };
  }

  whole(owner: string, id: string): WholeConversation {
    const row = this.database.get(
      'SELECT * FROM conversations WHERE id = ? AND owner = ? AND deleted_at IS NULL',
      id,
      owner,
    );
    if (!row) throw new AppError('not-found', 'This conversation is not there.');
    const generations = this.database.all(
      `SELECT * FROM generations g WHERE conversation_id = ?
         AND EXISTS (SELECT 1 FROM messages m WHERE m.generation_id = g.id AND m.deleted_at IS NULL)
       ORDER BY created_at, id`,
      id,
    );
    return {
      conversation: conversationOf(row),
      messages: this.messages(id).map(messageOf),
      generations: generations.map(generationOf),
    };
  }

  import(owner: string, whole: WholeConversation, files: StoredFile[] = []): ImportOutcome {
    const { conversation, messages, generations } = whole;
    if (!generations.every(({ status }) => hasEnded(status)))
      throw new AppError('invalid-input', 'A run that has not ended cannot be imported.');
    const existing = this.database.get('SELECT * FROM conversations WHERE id = ?', conversation.id);
    if (existing) return this.keep(owner, existing, whole);
    const isTaken =
      messages.some(({ id }) => this.database.get('SELECT 1 FROM messages WHERE id = ?', id)) ||
      generations.some(({ id }) => this.database.get('SELECT 1 FROM generations WHERE id = ?', id));
    if (isTaken || files.some((file) => hasOther(this.database, owner, file))) return 'taken';
    for (const file of files) putFile(this.database, owner, file);
    this.insert(owner, whole);
    return 'imported';
  }

  deleteAll(owner: string, at: Date): number {
    const count = this.count(owner);
    this.database.run(
      `UPDATE generations SET is_stop_requested = 1 WHERE ended_at IS NULL AND is_stop_requested = 0
         AND conversation_id IN (SELECT id FROM conversations WHERE owner = ? AND deleted_at IS NULL)`,
      owner,
    );
    this.database.run(
      'UPDATE conversations SET deleted_at = ? WHERE owner = ? AND deleted_at IS NULL',
      at.getTime(),
      owner,
    );
    this.database.run(
      'UPDATE owner_settings SET deleted_at = ? WHERE owner = ? AND deleted_at IS NULL',
      at.getTime(),
      owner,
    );
    // Those of messages go when these are purged.
    this.database.run(
      'UPDATE files SET unused_since = 0 WHERE owner = ? AND unused_since IS NOT NULL',
      owner,
    );
    return count;
  }

  restoreAll(owner: string, at: Date): number {
    const before = this.count(owner);
    for (const table of ['conversations', 'owner_settings']) {
      this.database.run(
        `UPDATE ${table} SET deleted_at = NULL WHERE owner = ? AND deleted_at = ?`,
        owner,
        at.getTime(),
      );
    }
    return this.count(owner) - before;
  }

  /**
   * One whose id is known: nothing is to do when it has what the file has, and nothing may be done otherwise. A message
   * that was deleted is not there: an import must not undo that.
   */
  private keep(owner: string, existing: Row, { conversation, messages }: WholeConversation): ImportOutcome {
    if (existing.owner !== owner) return 'taken';
    const stored = new Map(this.messages(conversation.id).map((row) => [String(row.id), row]));
    const hasAll = messages.every((message) => {
      const row = stored.get(message.id);
      return row !== undefined && isDeepStrictEqual(messageOf(row), message);
    });
    if (!hasAll) return 'taken';
    if (existing.deleted_at === null) return 'existing';
    this.database.run('UPDATE conversations SET deleted_at = NULL WHERE id = ?', conversation.id);
    return 'imported';
  }

  private insert(owner: string, { conversation, messages, generations }: WholeConversation): void {
    insertConversation(this.database, owner, conversation);
    // The id of the conversation is the one that was checked, whatever the rows say.
    for (const generation of generations) insertGeneration(this.database, conversation.id, generation);
    for (const message of messages) insertMessage(this.database, conversation.id, message);
  }

  private messages(conversationId: string): Row[] {
    return this.database.all(
      'SELECT * FROM messages WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY sequence',
      conversationId,
    );
  }

  private number(sql: string, ...values: SqlValue[]): number {
    return Number(this.database.get(sql, ...values)?.number);
  }
}

function parseCursor(cursor: string): [number, string] {
  const [, createdAt, id] = /^(-?\d{1,16})_(.{1,100})$/u.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new AppError('invalid-input', 'The cursor is not valid.');
  return [Number(createdAt), id];
}
