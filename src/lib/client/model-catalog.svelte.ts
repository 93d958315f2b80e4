import type { ModelSummary } from '../domain/model-summary';
import { standInFor } from '../domain/model-stand-in';
import { isNotFound, type Api } from './api';
import { ServerConnections } from './server-connections.svelte';

/** What the server says of its models. */
export interface ModelsData {
  models: ModelSummary[];
  /** Of new conversations whose owner has chosen none. */
  defaultModelId: string;
}

/** The models that this page knows: those that the server lists, and those that it was told of by their ids. */
export class ModelCatalog {
  /** The servers that are connected here, whose models join these. */
  readonly connections: ServerConnections;
  private server = $state.raw<ModelsData>({ models: [], defaultModelId: '' });
  private others = $state.raw<readonly ModelSummary[]>([]);
  private refreshing: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(
    private readonly api: Pick<Api, 'listModels' | 'getModel'>,
    data: ModelsData,
    canConnect = false,
  ) {
    this.server = data;
    this.connections = new ServerConnections(canConnect, () => this.refresh());
  }

  /** Opens what connects a model; absent: whoever is here cannot connect one. */
  get onConnect(): (() => void) | undefined {
    return this.connections.isAllowed ? () => void this.connections.open() : undefined;
  }

  /** Those to choose from. */
  get listed(): ModelSummary[] {
    return this.server.models.filter(({ isUnlisted, replacedBy }) => !isUnlisted && replacedBy === undefined);
  }

  /** Of new conversations, unless the owner's own choice is here. */
  get serverDefaultId(): string {
    return this.server.defaultModelId;
  }

  get(id: string): ModelSummary | undefined {
    const isIt = (model: ModelSummary) => model.id === id;
    return this.server.models.find(isIt) ?? this.others.find(isIt);
  }

  /** The model that answers for this one: itself, or what has replaced it; `undefined`: none that is here. */
  standIn(id: string): ModelSummary | undefined {
    return standInFor(id, (one) => this.get(one));
  }

  /** Takes the list as the server has it now. */
  receive(data: ModelsData): void {
    this.server = data;
  }

  /** Takes models that may not be listed. */
  learn(models: readonly ModelSummary[]): void {
    const learned = new Set(models.map(({ id }) => id));
    this.others = [...this.others.filter(({ id }) => !learned.has(id)), ...models];
  }

  /** Asks for a model of which only the id is known; one that is not there stays unknown. */
  async find(id: string): Promise<void> {
    if (this.get(id)) return;
    const model = await this.api.getModel(id).catch(() => {
      // Not there, or not to be had now: what shows it says that it is not known.
    });
    if (!model) return;
    this.learn([model]);
    if (model.replacedBy !== undefined) await this.find(model.replacedBy);
  }

  /**
   * Asks for the list again: states change without a word of the server. One question at a time; what changed after one
   * was asked is in the next.
   */
  refresh(): Promise<void> {
    if (this.refreshing) {
      this.next ??= this.refreshing.then(() => {
        this.next = undefined;
        return this.refresh();
      });
      return this.next;
    }
    this.refreshing = this.ask()
      .catch(() => {
        // What is known stays, until the next change or the next look at the list.
      })
      .finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** Those that the list does not have are asked for one by one: they may have gone, too. */
  private async ask(): Promise<void> {
    const { models, defaultId } = await this.api.listModels();
    const listed = new Set(models.map(({ id }) => id));
    const before = this.others.filter(({ id }) => !listed.has(id));
    const after = await Promise.all(before.map((model) => this.newerOf(model)));
    this.receive({ models, defaultModelId: defaultId });
    const asked = new Set<ModelSummary>(before);
    const learned = this.others.filter((model) => !asked.has(model) && !listed.has(model.id));
    this.others = [...after.filter((model) => model !== undefined), ...learned];
  }

  private async newerOf(model: ModelSummary): Promise<ModelSummary | undefined> {
    return this.api.getModel(model.id).catch((thrown: unknown) => (isNotFound(thrown) ? undefined : model));
  }
}
