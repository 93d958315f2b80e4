import type { Database } from './database';

/** The processes that work on this database; see `ProcessStore`. */
export class ProcessTable {
  constructor(private readonly database: Database) {}

  beat(processId: string): void {
    this.database.run(
      'INSERT INTO processes (id, counter) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET counter = counter + 1',
      processId,
    );
  }

  list(): { processId: string; counter: number }[] {
    return this.database
      .all('SELECT id, counter FROM processes')
      .map(({ id, counter }) => ({ processId: String(id), counter: Number(counter) }));
  }

  remove(processId: string): void {
    this.database.run('DELETE FROM processes WHERE id = ?', processId);
  }

  /** Reads and writes once; nobody else sees the row, which comes and goes in one transaction. */
  check(): void {
    this.beat('check');
    this.list();
    this.remove('check');
  }
}
