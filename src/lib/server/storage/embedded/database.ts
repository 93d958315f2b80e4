import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { migrations } from '../../../../../migrations/index';
import { AppError } from '../../../domain/errors';
import { migrateEmbedded } from '../migrate';
import { defineSearchFunctions } from './search-functions';

export type SqlValue = string | number | null | Uint8Array;
export type Row = Record<string, unknown>;

/** SQLite's result code for a file that another connection has. */
const busy = 5;

/** The open file: prepared statements are made once, and rows come as plain objects. */
export class Database {
  private readonly statements = new Map<string, StatementSyncInstance>();

  private constructor(private readonly sqlite: DatabaseSyncInstance) {}

  /**
   * Opens and migrates the file. With WAL and `synchronous=NORMAL` a killed process loses nothing that was committed;
   * a power cut may lose the last commits, and never damages the file. The file is held exclusively: the system lets
   * go of it when the process dies, however it dies.
   * Throws `config-invalid` when it cannot be opened.
   */
  static open(file: string): Database {
    let sqlite: DatabaseSyncInstance | undefined;
    try {
      sqlite = new DatabaseSync(file, { timeout: 2000 });
      sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      sqlite.exec('PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA secure_delete = ON');
      sqlite.exec('PRAGMA journal_size_limit = 67108864');
      defineSearchFunctions(sqlite);
      migrateEmbedded(sqlite, migrations);
      // One process has this file, so rows of others are of processes that are gone.
      sqlite.exec('DELETE FROM processes');
      return new Database(sqlite);
    } catch (thrown) {
      sqlite?.close();
      throw openFault(file, thrown);
    }
  }

  /** Whether a transaction is open; SQLite ends it by itself after some faults, such as a full disk. */
  get isInTransaction(): boolean {
    return this.sqlite.isTransaction;
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.statement(sql).all(...checked(values)) as Row[];
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.statement(sql).get(...checked(values)) as Row | undefined;
  }

  /** Returns how many rows changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.statement(sql).run(...checked(values)).changes);
  }

  exec(sql: string): void {
    this.statement(sql).run();
  }

  close(): void {
    this.statements.clear();
    this.sqlite.close();
  }

  private statement(sql: string): StatementSyncInstance {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.sqlite.prepare(sql)));
    return statement;
  }
}

/**
 * SQLite cuts text at a NUL and replaces half a surrogate pair, so two different owners or ids could become the same
 * one. Bodies never have these: JSON escapes them.
 */
function checked(values: SqlValue[]): SqlValue[] {
  for (const value of values) {
    if (typeof value === 'string' && (value.includes('\0') || /\p{Surrogate}/u.test(value))) {
      throw new AppError('invalid-input', 'An id or name has a character that cannot be stored.');
    }
  }
  return values;
}

function openFault(file: string, thrown: unknown): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
  const isTaken = 'errcode' in thrown && thrown.errcode === busy;
  const message = isTaken
    ? `Another process uses ${file}. Stop it, or give this one another DATA_DIR.`
    : `The database ${file} cannot be opened: ${thrown.message}.`;
  return new AppError('config-invalid', message, { cause: thrown });
}
