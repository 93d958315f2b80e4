import type { FileInfo, StoredFile } from '../../domain/files';

/**
 * Files that people attach. An id is of its owner alone: another may have the same. A message that is added must show
 * files of its owner only (`not-found` otherwise), and keeps them as long as it is kept.
 */
export interface FileStore {
  /** The same id with the same bytes again is `existing`, whatever else differs; with other bytes it is a `conflict`. */
  put(owner: string, file: StoredFile): Promise<'stored' | 'existing'>;
  /** `not-found` when it is not there. */
  get(owner: string, id: string): Promise<StoredFile>;
  /** What is known of these, each once, without their bytes. `not-found` when one is not there. */
  info(owner: string, ids: string[]): Promise<FileInfo[]>;
  /**
   * Removes those that no message shows and that were put before `before`, and those whose last message was removed;
   * at most `limit`; returns how many.
   */
  purge(before: Date, limit: number): Promise<number>;
}
