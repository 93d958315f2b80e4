import type { EmbeddedDatabase, Migration } from '../../../../migrations/migration';
import { AppError } from '../../domain/errors';

/** Runs the migrations that this database has not had, in order, each in a transaction of its own. */
export function migrateEmbedded(database: EmbeddedDatabase, migrations: readonly Migration[]): void {
  database.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL)');
  const applied = new Set(
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map((row: { name: unknown }) => String(row.name)),
  );
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied].filter((name) => !known.has(name));
  if (newer.length > 0) {
    throw new AppError(
      'config-invalid',
      `The database was written by a newer version of Parlance (${newer.join(', ')}). Start that version, or use another DATA_DIR.`,
    );
  }
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      migration.embedded(database);
      database
        .prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)')
        .run(migration.name, Date.now());
      database.exec('COMMIT');
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  }
}
