import type { Database } from './database';

/** Pages of 4 KiB that are written at a time: some tens of milliseconds. */
const pagesAtOnce = 1000;
const indexes = ['title_index', 'message_index'];

/**
 * What is removed from an FTS5 index is hidden at once, but its terms lie in the file until the index is written anew.
 * That is done a part at a time, so that nothing waits long for it.
 */
export class IndexCleaner {
  private isDirty = false;
  private isCleaning = false;

  constructor(private readonly database: Database) {}

  /** Something was removed for good. */
  markDirty(): void {
    this.isDirty = true;
  }

  /** Does a part of the work, if there is any. */
  clean(): void {
    if (!this.isDirty && !this.isCleaning) return;
    // A negative number begins anew, with everything that the index has now.
    const pages = this.isCleaning ? pagesAtOnce : -pagesAtOnce;
    if (!this.isCleaning) this.isDirty = false;
    const before = this.totalChanges();
    for (const index of indexes) {
      this.database.run(`INSERT INTO ${index} (${index}, rank) VALUES ('merge', ?)`, pages);
    }
    // Each insertion counts as one change; what is more was work.
    this.isCleaning = this.totalChanges() - before > indexes.length;
  }

  private totalChanges(): number {
    return Number(this.database.get('SELECT total_changes() AS total')?.total);
  }
}
