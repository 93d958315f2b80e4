import { applySettingsChanges, type Settings, type SettingsChanges } from '../../../domain/settings';
import type { Database } from './database';
import { openBody, sealBody } from './body';

/** The defaults of owners in the embedded database; see `SettingsStore`. Runs in the worker, so nothing waits. */
export class SettingsTable {
  constructor(private readonly database: Database) {}

  get(owner: string): Settings {
    const row = this.database.get(
      'SELECT body FROM owner_settings WHERE owner = ? AND deleted_at IS NULL',
      owner,
    );
    return row ? openBody<Settings>(row.body) : {};
  }

  update(owner: string, changes: SettingsChanges): Settings {
    const settings = applySettingsChanges(this.get(owner), changes);
    this.database.run(
      `INSERT INTO owner_settings (owner, body) VALUES (?, ?)
       ON CONFLICT (owner) DO UPDATE SET body = excluded.body, deleted_at = NULL`,
      owner,
      sealBody(settings),
    );
    return settings;
  }

  purge(before: Date): number {
    return this.database.run('DELETE FROM owner_settings WHERE deleted_at < ?', before.getTime());
  }
}
