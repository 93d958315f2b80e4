import { AppError } from '../../../domain/errors';
import { filesOf } from '../../../domain/parts';
import type { Message } from '../../../domain/message';
import type { Database } from './database';
import { messageBody } from './rows';

/** Whether this message of the conversation is there and not deleted. */
export function hasMessage(database: Database, conversationId: string, id: string): boolean {
  const sql = 'SELECT 1 FROM messages WHERE id = ? AND conversation_id = ? AND deleted_at IS NULL';
  return database.get(sql, id, conversationId) !== undefined;
}

/**
 * Stores a message in this conversation, whatever conversation the message itself names; whoever calls has checked its
 * ids. Everything that adds messages does it here. `not-found` when it shows a file that the owner does not have.
 */
export function insertMessage(database: Database, conversationId: string, message: Message): void {
  const { id, parentId, role, status, generationId, createdAt } = message;
  database.run(
    `INSERT INTO messages (id, conversation_id, parent_id, role, status, generation_id, created_at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    conversationId,
    parentId,
    role,
    status,
    generationId ?? null,
    createdAt.getTime(),
    messageBody(message),
  );
  for (const { fileId } of filesOf(message.parts)) noteUse(database, conversationId, id, fileId);
}

/** While a message shows a file it is kept. A message may show one twice. */
function noteUse(database: Database, conversationId: string, messageId: string, fileId: string): void {
  const file = database.get(
    `SELECT f.number FROM files f JOIN conversations c ON c.owner = f.owner WHERE c.id = ? AND f.id = ?`,
    conversationId,
    fileId,
  );
  if (!file) throw new AppError('not-found', 'A file of this message is not there.');
  database.run(
    'INSERT OR IGNORE INTO file_uses (message_id, file_number) VALUES (?, ?)',
    messageId,
    Number(file.number),
  );
}
