import type { Message } from '../../../domain/message';
import type { Database } from './database';
import { messageBody } from './rows';

/** Adds a message; whoever calls has checked its ids. Everything that adds messages does it here. */
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
}
