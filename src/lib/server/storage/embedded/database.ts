import { DatabaseSync, type StatementSync } from '@photostructure/sqlite';
import { migrations } from '../../../../../migrations/index';
import { migrateEmbedded } from '../migrate';

export type SqlValue = string | number | null;
export type Row = Record<string, unknown>;

/** The open file: prepared statements are made once, and rows come as plain objects. */
export class Database {
  private readonly statements = new Map<string, StatementSync>();

  private constructor(private readonly sqlite: DatabaseSync) {}

  /**
   * Opens and migrates the file. With WAL and `synchronous=NORMAL` a killed process loses nothing that was committed;
   * a power cut may lose the last commits, and never damages the file.
   */
  static open(file: string): Database {
    const sqlite = new DatabaseSync(file);
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    sqlite.exec('PRAGMA busy_timeout = 2000; PRAGMA cache_size = -8000; PRAGMA secure_delete = ON');
    migrateEmbedded(sqlite, migrations);
    // One process has this file, so rows of others are of processes that are gone.
    sqlite.exec('DELETE FROM processes');
    return new Database(sqlite);
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.statement(sql).all(...values) as Row[];
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.statement(sql).get(...values) as Row | undefined;
  }

  /** Returns how many rows changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
  }

  exec(sql: string): void {
    this.statement(sql).run();
  }

  close(): void {
    this.statements.clear();
    this.sqlite.close();
  }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.sqlite.prepare(sql)));
    return statement;
  }
}
