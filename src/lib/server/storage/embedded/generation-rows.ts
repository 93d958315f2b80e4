import type { Generation } from '../../../domain/generation';
import type { Database } from './database';
import { generationBody } from './rows';

/** Adds a run, one that has ended too; whoever calls has checked its id. */
export function insertGeneration(database: Database, conversationId: string, generation: Generation): void {
  const { id, modelId, status, processId, requestHash, messageIds, createdAt, endedAt } = generation;
  database.run(
    `INSERT INTO generations
       (id, conversation_id, model_id, status, process_id, request_hash, message_ids, created_at, ended_at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    conversationId,
    modelId,
    status,
    processId,
    requestHash,
    JSON.stringify(messageIds),
    createdAt.getTime(),
    endedAt?.getTime() ?? null,
    generationBody(generation),
  );
}
