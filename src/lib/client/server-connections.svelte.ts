import type { ConnectionSummary } from '../domain/connection';
import { connectionWords } from './connection-words';
import { connectionsApi, type ConnectionsApi } from './connections-api';
import { ServerSetup } from './server-setup.svelte';

/** What the dialog shows: all connections, or one that is made or changed. */
export type ConnectionsView = { name: 'list' } | { name: 'setup'; setup: ServerSetup };

/** The servers that were connected in the app, as its dialog has them. */
export class ServerConnections {
  isOpen = $state(false);
  view = $state.raw<ConnectionsView>({ name: 'list' });
  /** `null` until they were read. */
  all = $state.raw<ConnectionSummary[] | null>(null);
  error = $state.raw<string | null>(null);
  /** Those about which the server is being asked. */
  busyIds = $state.raw<ReadonlySet<string>>(new Set());

  constructor(
    /** Whether whoever is here may connect servers. */
    readonly isAllowed: boolean,
    /** After the models that are offered have changed. */
    private readonly onModelsChanged: () => unknown,
    private readonly api: ConnectionsApi = connectionsApi,
  ) {}

  /** Opens the dialog: at the list, or where there is none yet at the form. */
  async open(): Promise<void> {
    this.view = { name: 'list' };
    this.isOpen = true;
    await this.load();
    if (this.all?.length === 0 && this.view.name === 'list') this.begin();
  }

  /** Shows the form for a new server, or for one that is connected. */
  begin(connection?: ConnectionSummary): void {
    const setup = new ServerSetup(this.api, connection, (saved) => this.saved(setup, saved));
    this.view = { name: 'setup', setup };
  }

  showList(): void {
    if (this.view.name === 'setup') this.view.setup.cancel();
    this.view = { name: 'list' };
  }

  onClosed(): void {
    this.showList();
  }

  async load(): Promise<void> {
    await this.attempt(async () => {
      this.all = (await this.api.list()).connections;
    });
  }

  async refresh(id: string): Promise<void> {
    await this.busy(id, async () => {
      this.replace(await this.api.refresh(id));
      this.onModelsChanged();
    });
  }

  async remove(id: string): Promise<void> {
    await this.busy(id, async () => {
      await this.api.remove(id);
      this.all = (this.all ?? []).filter((connection) => connection.id !== id);
      this.onModelsChanged();
    });
  }

  private saved(setup: ServerSetup, connection: ConnectionSummary): void {
    this.replace(connection);
    // Whoever went on to another form meanwhile stays there.
    if (this.view.name === 'setup' && this.view.setup === setup) this.showList();
    this.onModelsChanged();
  }

  private replace(connection: ConnectionSummary): void {
    const all = this.all ?? [];
    const isKnown = all.some(({ id }) => id === connection.id);
    this.all = isKnown
      ? all.map((one) => (one.id === connection.id ? connection : one))
      : [...all, connection];
  }

  private async busy(id: string, work: () => Promise<void>): Promise<void> {
    if (this.busyIds.has(id)) return;
    this.busyIds = new Set([...this.busyIds, id]);
    await this.attempt(work);
    this.busyIds = new Set([...this.busyIds].filter((one) => one !== id));
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = null;
    } catch (thrown) {
      this.error = connectionWords(thrown);
    }
  }
}
