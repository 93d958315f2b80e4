import type { OwnerEvent } from '../domain/owner-event';
import type { ConversationList } from './conversation-list.svelte';
import { dataApi, type DataApi } from './data-api';
import { thrownWords } from './error-words';
import { FileImport } from './file-import.svelte';

/** How long the deletion of everything can be undone with one press, in milliseconds. */
export const undoAllMs = 60_000;

/** What a person does with all conversations: export, import, deletion. */
export class YourData {
  isOpen = $state(false);
  /** The file that is being imported, or was last. */
  import = $state.raw<FileImport | null>(null);
  /** What was deleted together, as long as that can be undone. */
  deleted = $state.raw<{ count: number; deletedAt: Date } | null>(null);
  error = $state.raw<string | null>(null);
  /** How often everything was deleted, by whichever tab: a page that shows a conversation has to leave it. */
  clearings = $state(0);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly list: Pick<ConversationList, 'reload'>,
    private readonly api: DataApi = dataApi,
  ) {}

  onEvent(event: OwnerEvent): void {
    if (event.type === 'list-cleared') this.clearings += 1;
  }

  /** How many conversations there are; `null` when the server cannot be asked. */
  async count(): Promise<number | null> {
    const answer = await this.attempt(() => this.api.count());
    return answer?.count ?? null;
  }

  async importFile(file: File): Promise<void> {
    if (this.import?.state === 'running') return;
    this.import = new FileImport(file, this.api);
    await this.import.run();
    await this.list.reload();
  }

  /** Resolves to whether it was done. */
  async deleteAll(): Promise<boolean> {
    const answer = await this.attempt(() => this.api.deleteAll());
    if (!answer) return false;
    this.deleted = { count: answer.deleted, deletedAt: answer.deletedAt };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.deleted = null), undoAllMs);
    this.clearings += 1;
    await this.list.reload();
    return true;
  }

  async undoDeleteAll(): Promise<void> {
    const { deleted } = this;
    if (!deleted) return;
    clearTimeout(this.timer);
    this.deleted = null;
    const answer = await this.attempt(() => this.api.restoreAll(deleted.deletedAt));
    // What could not be undone can be tried again.
    if (!answer) this.deleted = deleted;
    await this.list.reload();
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const value = await work();
      this.error = null;
      return value;
    } catch (thrown) {
      this.error = thrownWords(thrown);
      return undefined;
    }
  }
}
