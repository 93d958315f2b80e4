import type { Conversation } from '../../../domain/conversation';
import { AppError } from '../../../domain/errors';
import type { NewConversation } from '../storage';
import type { Database } from './database';
import { conversationBody, conversationOf } from './rows';

/** Adds a conversation; whoever calls has checked its id. Everything that adds conversations does it here. */
export function insertConversation(database: Database, owner: string, conversation: Conversation): void {
  const { id, kind, modelId, leafId, isPinned, createdAt, updatedAt } = conversation;
  database.run(
    `INSERT INTO conversations (id, owner, kind, model_id, leaf_id, is_pinned, created_at, updated_at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    owner,
    kind,
    modelId,
    leafId,
    isPinned ? 1 : 0,
    createdAt.getTime(),
    updatedAt.getTime(),
    conversationBody(conversation),
  );
}

/** A new one as it is before its first message. */
export function emptyConversation(created: NewConversation, title = ''): Conversation {
  return { ...created, title, leafId: null, isPinned: false, updatedAt: created.createdAt };
}

/** What the owner has under this id already; `conflict` when somebody else has, or it is deleted. */
export function existingConversation(
  database: Database,
  owner: string,
  id: string,
): Conversation | undefined {
  const row = database.get('SELECT * FROM conversations WHERE id = ?', id);
  if (!row) return undefined;
  if (row.owner === owner && row.deleted_at === null) return conversationOf(row);
  throw new AppError('conflict', 'This id is taken.');
}
