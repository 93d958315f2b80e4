import { AppError } from '../../../domain/errors';
import type { Generation, PromptRecord } from '../../../domain/generation';
import type { Entry } from '../../../domain/generation-event';
import type { Message } from '../../../domain/message';
import type { AppendOutcome, BeginGenerations, EntryBatch, FinishGeneration, StopRequest } from '../storage';
import { openBody, sealBody } from './body';
import type { Database, Row } from './database';
import { insertGeneration } from './generation-rows';
import { hasMessage, insertMessage } from './message-rows';
import {
  conversationBody,
  conversationOf,
  generationBody,
  generationOf,
  messageBody,
  messageOf,
} from './rows';

const visible = `FROM generations g JOIN conversations c ON c.id = g.conversation_id
  WHERE c.owner = ? AND c.deleted_at IS NULL AND g.id = ?`;

/** Runs and their logs in the embedded database; see `GenerationStore`. Runs in the worker, so nothing waits. */
export class GenerationTable {
  constructor(private readonly database: Database) {}

  begin(owner: string, start: BeginGenerations): 'begun' | 'existing' {
    const conversation = this.database.get(
      'SELECT * FROM conversations WHERE id = ? AND owner = ? AND deleted_at IS NULL',
      start.conversationId,
      owner,
    );
    if (!conversation) throw new AppError('not-found', 'This conversation is not there.');
    if (this.isRepeated(start)) return 'existing';
    this.checkIds(start);
    // The id of the conversation is the one that was checked, whatever the rows say.
    for (const generation of start.generations)
      insertGeneration(this.database, start.conversationId, generation);
    for (const message of start.messages) insertMessage(this.database, start.conversationId, message);
    const { title, settings } = conversationOf(conversation);
    this.database.run(
      'UPDATE conversations SET leaf_id = ?, updated_at = ?, body = ? WHERE id = ?',
      start.leafId,
      Math.max(...start.messages.map(({ createdAt }) => createdAt.getTime())),
      conversationBody({ title: title || start.title, settings }),
      start.conversationId,
    );
    return 'begun';
  }

  get(owner: string, generationId: string): Generation {
    return generationOf(this.row(owner, generationId));
  }

  messages(owner: string, generationId: string): Message[] {
    const { messageIds } = this.get(owner, generationId);
    const rows = this.database
      .all('SELECT * FROM messages WHERE generation_id = ?', generationId)
      .map(messageOf);
    return messageIds.flatMap((id) => rows.find((message) => message.id === id) ?? []);
  }

  markRunning(generationIds: string[]): void {
    for (const id of generationIds) {
      this.database.run(`UPDATE generations SET status = 'running' WHERE id = ? AND status = 'queued'`, id);
    }
  }

  recordPrompts(records: { generationId: string; prompt: PromptRecord }[]): void {
    for (const { generationId, prompt } of records) {
      const row = this.database.get('SELECT * FROM generations WHERE id = ?', generationId);
      if (!row) continue;
      const generation = generationOf(row);
      if (generation.prompt) continue;
      const body = generationBody({ ...generation, prompt });
      this.database.run('UPDATE generations SET body = ? WHERE id = ?', body, generationId);
    }
  }

  append(batches: EntryBatch[]): AppendOutcome[] {
    return batches.map(({ generationId, entries }) => {
      const first = entries[0]?.seq;
      const last = entries.at(-1)?.seq;
      if (first === undefined || last === undefined) return 'stored';
      if (entries.some(({ seq }, index) => seq !== first + index)) {
        throw new AppError('internal', 'A batch of entries has a gap.');
      }
      // Only the writer that knows the end may go on from it; the reaper's run-end and a late batch exclude each other.
      const isNext = this.database.run(
        'UPDATE generations SET last_seq = ? WHERE id = ? AND last_seq = ?',
        last,
        generationId,
        first - 1,
      );
      if (isNext === 0) return 'collided';
      // Once: a column of an index costs writing that index each time, whether it changes or not.
      if (first === 1) this.database.run('UPDATE generations SET has_entries = 1 WHERE id = ?', generationId);
      this.database.run(
        'INSERT INTO entries (generation_id, first_seq, last_seq, body) VALUES (?, ?, ?, ?)',
        generationId,
        first,
        last,
        sealBody(entries.map(({ event }) => event)),
      );
      return 'stored';
    });
  }

  entries(owner: string, generationId: string, afterSeq: number, limit: number): Entry[] {
    this.row(owner, generationId);
    // A batch holds at least one entry, so `limit` rows are always enough.
    const rows = this.database.all(
      'SELECT * FROM entries WHERE generation_id = ? AND last_seq > ? ORDER BY first_seq LIMIT ?',
      generationId,
      afterSeq,
      limit,
    );
    const entries: Entry[] = [];
    for (const row of rows) {
      for (const [index, event] of openBody<Entry['event'][]>(row.body).entries()) {
        const seq = Number(row.first_seq) + index;
        if (seq > afterSeq && entries.length < limit) entries.push({ seq, event });
      }
    }
    return entries;
  }

  finish(finished: FinishGeneration[]): void {
    for (const { generationId, end, messages, endedAt } of finished) {
      const row = this.database.get(
        'SELECT * FROM generations WHERE id = ? AND ended_at IS NULL',
        generationId,
      );
      if (!row) continue;
      for (const message of messages) {
        this.database.run(
          `UPDATE messages SET status = ?, body = ? WHERE id = ? AND generation_id = ?`,
          message.status,
          messageBody(message),
          message.id,
          generationId,
        );
      }
      this.database.run(
        'UPDATE generations SET status = ?, ended_at = ?, body = ? WHERE id = ?',
        end.status,
        endedAt.getTime(),
        generationBody({ ...generationOf(row), ...endFields(end) }),
        generationId,
      );
      // Who stopped it was looking.
      if (end.status === 'stopped') continue;
      this.database.run('UPDATE conversations SET is_unread = 1 WHERE id = ?', String(row.conversation_id));
    }
  }

  requestStop(owner: string, { generationId, throughSeq }: StopRequest): void {
    this.row(owner, generationId);
    this.database.run(
      `UPDATE generations SET is_stop_requested = 1, stop_through_seq = ?
       WHERE id = ? AND is_stop_requested = 0 AND ended_at IS NULL`,
      throughSeq ?? null,
      generationId,
    );
  }

  stopRequests(processId: string): StopRequest[] {
    const rows = this.database.all(
      'SELECT id, stop_through_seq FROM generations WHERE ended_at IS NULL AND is_stop_requested = 1 AND process_id = ?',
      processId,
    );
    return rows.map(({ id, stop_through_seq: seq }) => ({
      generationId: String(id),
      throughSeq: seq === null ? undefined : Number(seq),
    }));
  }

  orphans(livingProcessIds: string[], limit: number): { owner: string; generation: Generation }[] {
    const rows = this.database.all(
      `SELECT g.*, c.owner FROM generations g JOIN conversations c ON c.id = g.conversation_id
       WHERE g.ended_at IS NULL AND c.deleted_at IS NULL
         AND g.process_id NOT IN (SELECT value FROM json_each(?)) ORDER BY g.created_at, g.id LIMIT ?`,
      JSON.stringify(livingProcessIds),
      limit,
    );
    return rows.map((row) => ({ owner: String(row.owner), generation: generationOf(row) }));
  }

  expireEntries(before: Date, limit: number): number {
    const rows = this.database.all(
      'SELECT id FROM generations WHERE has_entries = 1 AND ended_at < ? ORDER BY ended_at LIMIT ?',
      before.getTime(),
      limit,
    );
    for (const { id } of rows) {
      this.database.run('DELETE FROM entries WHERE generation_id = ?', String(id));
      // `last_seq` stays, so that the fence holds after the entries are gone.
      this.database.run('UPDATE generations SET has_entries = 0 WHERE id = ?', String(id));
    }
    return rows.length;
  }

  private row(owner: string, generationId: string): Row {
    const row = this.database.get(`SELECT g.* ${visible}`, owner, generationId);
    if (!row) throw new AppError('not-found', 'This generation is not there.');
    return row;
  }

  /** Whether all generations are there already, from the same request. */
  private isRepeated({ conversationId, generations }: BeginGenerations): boolean {
    const rows = generations.map(({ id }) =>
      this.database.get('SELECT conversation_id, request_hash FROM generations WHERE id = ?', id),
    );
    const isUnique = new Set(generations.map(({ id }) => id)).size === generations.length;
    if (isUnique && rows.every((row) => row === undefined)) return false;
    const isSame = rows.every(
      (row, index) =>
        row?.conversation_id === conversationId && row.request_hash === generations[index]?.requestHash,
    );
    if (isSame) return true;
    throw new AppError('conflict', 'Another request has used these ids.');
  }

  private checkIds({ conversationId, messages }: BeginGenerations): void {
    const own = new Set<string>();
    for (const { id, parentId } of messages) {
      if (own.has(id) || this.database.get('SELECT 1 FROM messages WHERE id = ?', id)) {
        throw new AppError('conflict', 'The id of a message is taken.');
      }
      const hasParent =
        parentId === null || own.has(parentId) || hasMessage(this.database, conversationId, parentId);
      if (!hasParent) throw new AppError('not-found', 'The message to answer is not there.');
      own.add(id);
    }
  }
}

function endFields({ finishReason, usage, error }: FinishGeneration['end']): Partial<Generation> {
  return { ...(finishReason && { finishReason }), ...(usage && { usage }), ...(error && { error }) };
}
