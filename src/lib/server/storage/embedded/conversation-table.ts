import type { Conversation, ConversationSummary } from '../../../domain/conversation';
import { AppError } from '../../../domain/errors';
import { applySettingsChanges } from '../../../domain/settings';
import type { ConversationChanges, ConversationPage, NewConversation, OpenedConversation } from '../storage';
import { emptyConversation, existingConversation, insertConversation } from './conversation-rows';
import type { Database, Row } from './database';
import { hasMessage } from './message-rows';
import { IndexCleaner } from './index-cleaner';
import { conversationBody, conversationOf, generationOf, messageOf, summaryOf } from './rows';

// Left to itself, SQLite would read every run that the conversation ever had.
const running = `EXISTS (SELECT 1 FROM generations g INDEXED BY generations_unfinished WHERE g.conversation_id = c.id AND g.ended_at IS NULL) AS is_running`;
const maxPage = 200;
/** Sorts before every row. */
const beforeAll: [number, number, string] = [2, 0, ''];

/** The conversations of the embedded database; see `ConversationStore`. Runs in the worker, so nothing waits. */
export class ConversationTable {
  private readonly cleaner: IndexCleaner;

  constructor(private readonly database: Database) {
    this.cleaner = new IndexCleaner(database);
  }

  create(owner: string, created: NewConversation): Conversation {
    const existing = existingConversation(this.database, owner, created.id);
    if (existing) return existing;
    insertConversation(this.database, owner, emptyConversation(created));
    return this.get(owner, created.id);
  }

  get(owner: string, id: string): Conversation {
    return conversationOf(this.row(owner, id));
  }

  open(owner: string, id: string): OpenedConversation {
    const conversation = this.get(owner, id);
    const messages = this.database.all(
      'SELECT * FROM messages WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY sequence',
      id,
    );
    const generations = this.database.all(
      'SELECT * FROM generations WHERE conversation_id = ? AND ended_at IS NULL ORDER BY created_at, id',
      id,
    );
    return { conversation, messages: messages.map(messageOf), generations: generations.map(generationOf) };
  }

  list(owner: string, { before, limit }: { before?: string; limit: number }): ConversationPage {
    const place = before === undefined ? beforeAll : parseCursor(before);
    const size = Math.trunc(Math.min(Math.max(limit, 1), maxPage));
    const rows = this.database.all(
      `SELECT c.*, ${running} FROM conversations c
       WHERE c.owner = ? AND c.deleted_at IS NULL AND c.leaf_id IS NOT NULL
         AND (c.is_pinned, c.updated_at, c.id) < (?, ?, ?)
       ORDER BY c.is_pinned DESC, c.updated_at DESC, c.id DESC LIMIT ?`,
      owner,
      ...place,
      size + 1,
    );
    const page = rows.slice(0, size);
    return { conversations: page.map(summaryOf), next: rows.length > size ? cursorOf(page.at(-1)) : null };
  }

  summary(owner: string, id: string): ConversationSummary {
    const row = this.database.get(
      `SELECT c.*, ${running} FROM conversations c WHERE c.id = ? AND c.owner = ? AND c.deleted_at IS NULL`,
      id,
      owner,
    );
    if (!row) throw notFound();
    return summaryOf(row);
  }

  update(owner: string, id: string, changes: ConversationChanges): Conversation {
    const old = this.get(owner, id);
    const next: Conversation = {
      ...old,
      title: changes.title ?? old.title,
      leafId: changes.leafId ?? old.leafId,
      modelId: changes.modelId ?? old.modelId,
      settings: changes.settings ? applySettingsChanges(old.settings, changes.settings) : old.settings,
      isPinned: changes.isPinned ?? old.isPinned,
    };
    if (changes.leafId !== undefined && !(changes.leafId && hasMessage(this.database, id, changes.leafId))) {
      throw new AppError('invalid-input', 'The leaf is not a message of this conversation.');
    }
    this.database.run(
      'UPDATE conversations SET model_id = ?, leaf_id = ?, is_pinned = ?, body = ? WHERE id = ? AND owner = ?',
      next.modelId,
      next.leafId,
      next.isPinned ? 1 : 0,
      conversationBody(next),
      id,
      owner,
    );
    return next;
  }

  retitle(owner: string, id: string, { from, to }: { from: string; to: string }): boolean {
    if (this.get(owner, id).title !== from) return false;
    this.update(owner, id, { title: to });
    return true;
  }

  markRead(owner: string, id: string): boolean {
    const { is_unread: wasUnread } = this.row(owner, id);
    if (wasUnread === 1) this.database.run('UPDATE conversations SET is_unread = 0 WHERE id = ?', id);
    return wasUnread === 1;
  }

  delete(owner: string, id: string, at: Date): void {
    const changed = this.database.run(
      'UPDATE conversations SET deleted_at = coalesce(deleted_at, ?) WHERE id = ? AND owner = ?',
      at.getTime(),
      id,
      owner,
    );
    if (changed === 0) throw notFound();
  }

  restore(owner: string, id: string): Conversation {
    this.database.run('UPDATE conversations SET deleted_at = NULL WHERE id = ? AND owner = ?', id, owner);
    return this.get(owner, id);
  }

  purge(before: Date, limit: number): number {
    const removed = this.database.run(
      `DELETE FROM conversations WHERE id IN
         (SELECT id FROM conversations WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?)`,
      before.getTime(),
      limit,
    );
    if (removed > 0) this.cleaner.markDirty();
    this.cleaner.clean();
    return removed;
  }

  private row(owner: string, id: string): Row {
    const row = this.database.get(
      'SELECT * FROM conversations WHERE id = ? AND owner = ? AND deleted_at IS NULL',
      id,
      owner,
    );
    if (!row) throw notFound();
    return row;
  }
}

function notFound(): AppError {
  return new AppError('not-found', 'This conversation is not there.');
}

/** Where a page ended: the place of its last row in the order of the list. */
function cursorOf(row: Row | undefined): string {
  return `${String(row?.is_pinned)}_${String(row?.updated_at)}_${String(row?.id)}`;
}

function parseCursor(cursor: string): [number, number, string] {
  const [, isPinned, updatedAt, id] = /^([01])_(\d{1,16})_(.{1,100})$/u.exec(cursor) ?? [];
  if (updatedAt === undefined || id === undefined)
    throw new AppError('invalid-input', 'The cursor is not valid.');
  return [Number(isPinned), Number(updatedAt), id];
}
