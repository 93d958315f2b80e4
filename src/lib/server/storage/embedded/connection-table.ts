import type { Connection } from '../../../domain/connection';
import { openBody, sealBody } from './body';
import type { Database, Row } from './database';

type ConnectionBody = Omit<Connection, 'id' | 'createdAt'>;

/** Connected servers in the embedded database; see `ConnectionStore`. Runs in the worker, so nothing waits. */
export class ConnectionTable {
  constructor(private readonly database: Database) {}

  list(): Connection[] {
    return this.database
      .all('SELECT id, created_at, body FROM connections ORDER BY created_at, id')
      .map(connectionOf);
  }

  put({ id, createdAt, ...body }: Connection): void {
    this.database.run(
      `INSERT INTO connections (id, created_at, body) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, body = excluded.body`,
      id,
      createdAt.getTime(),
      sealBody(body satisfies ConnectionBody),
    );
  }

  delete(id: string): boolean {
    return this.database.run('DELETE FROM connections WHERE id = ?', id) > 0;
  }
}

function connectionOf({ id, created_at: createdAt, body }: Row): Connection {
  return { id: String(id), ...openBody<ConnectionBody>(body), createdAt: new Date(Number(createdAt)) };
}
