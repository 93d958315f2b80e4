import { watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileWatchOptions {
  /** Called with the text when it has changed. */
  onText: (text: string) => void;
  /** Called when it cannot be read, once until it can. */
  onFault: (code: string) => void;
  /** How long the file must be left alone: editors write in several steps. */
  settleMs?: number;
  /** How often it is looked at all the same: network disks tell of nothing. */
  pollMs?: number;
}

/**
 * Follows the text of a file through all ways of changing it: written in place, replaced by renaming, or a link in the way
 * to it that leads elsewhere, as with the config maps of Kubernetes. Its folder is watched, since a watched file that is
 * replaced tells of nothing more.
 */
export class FileWatch {
  private readonly watcher: FSWatcher | undefined;
  private readonly poll: NodeJS.Timeout;
  private settle: NodeJS.Timeout | undefined;
  private seen = '';
  private hasFault = false;
  private isClosed = false;

  /** `text` is what is known of it. */
  constructor(
    private readonly path: string,
    private text: string,
    private readonly options: FileWatchOptions,
  ) {
    this.watcher = this.watchFolder();
    this.poll = setInterval(() => void this.lookAtMarks(), options.pollMs ?? 5000).unref();
  }

  close(): void {
    this.isClosed = true;
    this.watcher?.close();
    clearInterval(this.poll);
    clearTimeout(this.settle);
  }

  private watchFolder(): FSWatcher | undefined {
    try {
      const watcher = watch(dirname(this.path), { persistent: false }, () => this.soon());
      // A folder that goes away, or a system without free watches: it is still looked at.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  private soon(): void {
    if (this.isClosed) return;
    clearTimeout(this.settle);
    this.settle = setTimeout(() => void this.read(), this.options.settleMs ?? 150).unref();
  }

  /** Reads only what looks different: size, time, or another file at the end of the links. */
  private async lookAtMarks(): Promise<void> {
    const marks = await stat(this.path).then(
      ({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs].join(),
      () => 'none',
    );
    if (marks === this.seen) return;
    this.seen = marks;
    this.soon();
  }

  private async read(): Promise<void> {
    try {
      const text = await readFile(this.path, 'utf8');
      this.hasFault = false;
      if (this.isClosed || text === this.text) return;
      this.text = text;
      this.options.onText(text);
    } catch (thrown) {
      if (this.isClosed || this.hasFault) return;
      this.hasFault = true;
      this.options.onFault(thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown');
    }
  }
}
