import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { marksOf } from './named-files';

export interface FilesWatchOptions {
  /** Called when some of the files have changed, come or gone, and are left alone again. */
  onChange: () => void;
  /** How long they must look the same: editors write in several steps. */
  settleMs?: number;
  /** How often they are looked at all the same: network disks tell of nothing. */
  pollMs?: number;
  /** Folders that are watched; the files of others are only looked at. */
  maxWatchers?: number;
}

/**
 * Follows files whose content others read, through all ways of changing them, as `file-watch.ts` does one. Whatever else
 * happens in their folders costs a look at them and no more.
 */
export class FilesWatch {
  /** How each looked when its content was last read. */
  private known = new Map<string, string>();
  private lookedAt = new Map<string, string>();
  private watchers = new Map<string, FSWatcher>();
  private readonly poll: NodeJS.Timeout;
  private settle: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: FilesWatchOptions) {
    this.poll = setInterval(() => this.soon(), options.pollMs ?? 5000).unref();
  }

  /** Follows these from now on, and no others: to be awaited before they are read, so that no change falls in between. */
  async follow(paths: readonly string[]): Promise<void> {
    this.known = await looksOf(paths);
    this.lookedAt = this.known;
    if (this.isClosed) return;
    const isThere = (path: string) => this.known.get(path) !== 'none';
    const folders = new Set(paths.filter(isThere).map((path) => dirname(path)));
    this.watchFolders([...folders].slice(0, this.options.maxWatchers ?? 16));
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.poll);
    clearTimeout(this.settle);
    this.watchFolders([]);
  }

  private watchFolders(folders: readonly string[]): void {
    for (const [folder, watcher] of this.watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of folders) if (!this.watchers.has(folder)) this.watchFolder(folder);
  }

  private watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.soon());
      this.watchers.set(folder, watcher);
      // A folder that goes away, or a system without free watches: it is still looked at.
      watcher.on('error', () => {
        watcher.close();
        if (this.watchers.get(folder) === watcher) this.watchers.delete(folder);
      });
    } catch {
      // As above.
    }
  }

  /** In a folder where something happens all the time, looks still come at this pace. */
  private soon(): void {
    if (this.isClosed) return;
    this.settle ??= setTimeout(() => void this.look(), this.options.settleMs ?? 150).unref();
  }

  private async look(): Promise<void> {
    this.settle = undefined;
    const { known, lookedAt } = this;
    const looks = await looksOf([...known.keys()]);
    if (this.isClosed || this.known !== known) return;
    this.lookedAt = looks;
    if (isSame(looks, known)) return;
    if (!isSame(looks, lookedAt)) {
      this.soon();
      return;
    }
    this.known = looks;
    this.options.onChange();
  }
}

/** One after the other: there may be thousands, and somebody is answering meanwhile. */
async function looksOf(paths: readonly string[]): Promise<Map<string, string>> {
  const looks = new Map<string, string>();
  for (const path of paths) looks.set(path, await marksOf(path));
  return looks;
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return [...one].every(([path, look]) => other.get(path) === look);
}
