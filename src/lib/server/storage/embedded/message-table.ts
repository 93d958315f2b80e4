import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { forkTitle, type Conversation } from '../../../domain/conversation';
import { AppError } from '../../../domain/errors';
import type { Message } from '../../../domain/message';
import { leafBelow, leafWithout, pathTo, subtreeOf } from '../../../domain/message-tree';
import type { DeletedMessages, MessagesDeletion, NewFork } from '../storage';
import { emptyConversation, existingConversation, insertConversation } from './conversation-rows';
import type { Database, Row } from './database';
import { hasMessage, insertMessage } from './message-rows';
import { conversationOf, messageOf } from './rows';

interface Link {
  id: string;
  parentId: string | null;
}

/** What people do with single messages in the embedded database; see `MessageStore`. Runs in the worker, so nothing waits. */
export class MessageTable {
  constructor(private readonly database: Database) {}

  add(owner: string, message: Message): 'added' | 'existing' {
    const { conversationId, parentId } = message;
    this.conversation(owner, conversationId);
    const existing = this.database.get('SELECT * FROM messages WHERE id = ?', message.id);
    if (existing) {
      if (isSame(existing, message)) return 'existing';
      throw new AppError('conflict', 'The id of a message is taken.');
    }
    if (parentId !== null && !hasMessage(this.database, conversationId, parentId)) throw notFound();
    insertMessage(this.database, conversationId, message);
    this.database.run(
      'UPDATE conversations SET leaf_id = ?, updated_at = max(updated_at, ?) WHERE id = ?',
      message.id,
      message.createdAt.getTime(),
      conversationId,
    );
    return 'added';
  }

  delete(owner: string, { conversationId, messageId, at }: MessagesDeletion): DeletedMessages {
    const { leafId } = this.conversation(owner, conversationId);
    const row = this.row(conversationId, messageId);
    if (row.deleted_with === messageId) return { messageIds: [], generationIds: [], leafId };
    if (row.deleted_with !== null) throw notFound();
    const shown = this.links(conversationId);
    const gone = new Set(subtreeOf(shown, messageId).map(({ id }) => id));
    for (const id of gone) {
      this.database.run(
        'UPDATE messages SET deleted_at = ?, deleted_with = ? WHERE id = ?',
        at.getTime(),
        messageId,
        id,
      );
    }
    const newLeafId = leafWithout(shown, gone, leafId);
    this.setLeaf(conversationId, newLeafId);
    return { messageIds: [...gone], generationIds: this.hiddenRuns(messageId), leafId: newLeafId };
  }

  restore(owner: string, conversationId: string, messageId: string): string | null {
    const { leafId } = this.conversation(owner, conversationId);
    const row = this.row(conversationId, messageId);
    if (row.deleted_with === null) return leafId;
    if (row.deleted_with !== messageId) throw notFound();
    // Under a message that is deleted, too, these belong to that deletion from now on: its undo brings them back.
    const parent = row.parent_id === null ? undefined : this.row(conversationId, String(row.parent_id));
    this.database.run(
      'UPDATE messages SET deleted_at = ?, deleted_with = ? WHERE deleted_with = ?',
      (parent?.deleted_at ?? null) as number | null,
      (parent?.deleted_with ?? null) as string | null,
      messageId,
    );
    if (parent && parent.deleted_with !== null) return leafId;
    const newLeafId = leafBelow(this.links(conversationId), messageId);
    this.setLeaf(conversationId, newLeafId);
    return newLeafId;
  }

  fork(owner: string, { conversationId, messageId, id, createdAt }: NewFork): Conversation {
    const existing = existingConversation(this.database, owner, id);
    if (existing) return existing;
    const { kind, modelId, title, settings } = this.conversation(owner, conversationId);
    const path = pathTo(this.links(conversationId), messageId);
    if (path.length === 0) throw notFound();
    const forked = emptyConversation({ id, kind, modelId, settings, createdAt }, forkTitle(title));
    insertConversation(this.database, owner, forked);
    this.setLeaf(id, this.copy(path, id));
    return this.conversation(owner, id);
  }

  purge(before: Date, limit: number): number {
    const deletions = this.database.all(
      `SELECT deleted_with FROM messages WHERE deleted_at < ?
       GROUP BY deleted_with ORDER BY min(deleted_at) LIMIT ?`,
      before.getTime(),
      limit,
    );
    for (const row of deletions) {
      const deletedWith = String(row.deleted_with);
      const runs = this.database.all(
        'SELECT DISTINCT generation_id FROM messages WHERE deleted_with = ? AND generation_id IS NOT NULL',
        deletedWith,
      );
      this.database.run('DELETE FROM messages WHERE deleted_with = ?', deletedWith);
      for (const { generation_id: id } of runs) {
        this.database.run(
          `DELETE FROM generations WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM messages WHERE generation_id = ?1)`,
          String(id),
        );
      }
    }
    return deletions.length;
  }

  /** Copies messages, parents first, and returns the id of the last copy. */
  private copy(path: readonly Link[], conversationId: string): string | null {
    let parentId: string | null = null;
    for (const { id } of path) {
      const message = messageOf(this.database.get('SELECT * FROM messages WHERE id = ?', id) ?? {});
      if (message.status === 'running')
        throw new AppError('conflict', 'The message to copy is still being written.');
      // Its run stays with the conversation in which it ran.
      const { generationId: _, ...kept } = message;
      const copyId = randomUUID();
      insertMessage(this.database, conversationId, { ...kept, id: copyId, parentId });
      parentId = copyId;
    }
    return parentId;
  }

  private conversation(owner: string, id: string): Conversation {
    const row = this.database.get(
      'SELECT * FROM conversations WHERE id = ? AND owner = ? AND deleted_at IS NULL',
      id,
      owner,
    );
    if (!row) throw new AppError('not-found', 'This conversation is not there.');
    return conversationOf(row);
  }

  private row(conversationId: string, id: string): Row {
    const row = this.database.get(
      'SELECT id, parent_id, deleted_at, deleted_with FROM messages WHERE id = ? AND conversation_id = ?',
      id,
      conversationId,
    );
    if (!row) throw notFound();
    return row;
  }

  /** What is shown of a conversation, as a tree. */
  private links(conversationId: string): Link[] {
    const rows = this.database.all(
      'SELECT id, parent_id FROM messages WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY sequence',
      conversationId,
    );
    return rows.map((row) => ({
      id: String(row.id),
      parentId: row.parent_id === null ? null : String(row.parent_id),
    }));
  }

  private setLeaf(conversationId: string, leafId: string | null): void {
    this.database.run('UPDATE conversations SET leaf_id = ? WHERE id = ?', leafId, conversationId);
  }

  /** Living runs that write into what one deletion hid, and nowhere else. */
  private hiddenRuns(deletedWith: string): string[] {
    const rows = this.database.all(
      `SELECT g.id FROM generations g
       WHERE g.ended_at IS NULL
         AND g.id IN (SELECT generation_id FROM messages WHERE deleted_with = ?)
         AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.generation_id = g.id AND m.deleted_at IS NULL)`,
      deletedWith,
    );
    return rows.map(({ id }) => String(id));
  }
}

/** Whether a stored message is the one that is added again; when it was made does not count. */
function isSame(row: Row, message: Message): boolean {
  const stored = messageOf(row);
  return row.deleted_at === null && isDeepStrictEqual({ ...stored, createdAt: message.createdAt }, message);
}

function notFound(): AppError {
  return new AppError('not-found', 'This message is not there.');
}
