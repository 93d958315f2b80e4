import type { OwnerEvent } from '../domain/owner-event';
import type { ConversationList } from './conversation-list.svelte';
import { dataApi, type DataApi } from './data-api';
import { thrownWords } from './error-words';
import { FileImport } from './file-import.svelte';
import type { Undo } from './undo.svelte';

/** How long the deletion of everything can be undone with one press, in milliseconds. */
export const undoAllMs = 60_000;

/** What a person does with all conversations: export, import, deletion. */
export class YourData {
  isOpen = $state(false);
  /** The file that is being imported, or was last. */
  import = $state.raw<FileImport | null>(null);
  error = $state.raw<string | null>(null);
  /** How often everything was deleted, by whichever tab: a page that shows a conversation has to leave it. */
  clearings = $state(0);

  constructor(
    private readonly list: Pick<ConversationList, 'reload' | 'error'>,
    private readonly undo: Undo,
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
    this.offerUndo(answer);
    this.clearings += 1;
    await this.list.reload();
    return true;
  }

  private offerUndo({ deleted, deletedAt }: { deleted: number; deletedAt: Date }): void {
    const what = deleted === 1 ? '1 conversation' : `${deleted.toLocaleString('en')} conversations`;
    this.undo.propose({
      text: `Deleted ${what}`,
      undo: async () => {
        const answer = await this.attempt(() => this.api.restoreAll(deletedAt));
        await this.list.reload();
        if (answer) return undefined;
        // The dialog is closed. What could not be undone can be tried again.
        this.list.error = this.error;
        this.offerUndo({ deleted, deletedAt });
        return undefined;
      },
      forMs: undoAllMs,
    });
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
