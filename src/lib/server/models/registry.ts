import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../domain/errors';
import type { ModelSummary } from '../../domain/model-summary';
import type { Note } from '../backends/backend';
import { defaultHttpSettings, type HttpSettings } from '../backends/http/settings';
import type { ChatModel } from './chat-model';
import { createModel } from './create-model';
import type { Logo } from './logo';
import type { Model } from './model';
import type { ModelConfig, ModelFault } from './model-config';
import { ModelWatch } from './model-watch';
import { retired, summaryOf } from './summary';

/** Where models come from, in the order in which they are listed; of two with one id the first is offered. */
export const modelSources = ['listed', 'connected', 'discovered', 'local'] as const;
export type ModelSource = (typeof modelSources)[number];

export interface RegistryOptions {
  note?: Note;
  http?: HttpSettings;
  /** Whether an owner may use what is for the administrator alone. */
  isAdmin?: (owner: string) => boolean;
}

/** A model that is listed; one without a backend was retired. */
interface Entry {
  config: ModelConfig;
  source: ModelSource;
  model: ChatModel | undefined;
}

/** What a source offers. */
interface Offer {
  configs: readonly ModelConfig[];
  faults: ReadonlyMap<string, ModelFault>;
}

/** The models of this server, which come and go while it runs. */
export class ModelRegistry {
  private readonly offers = new Map<ModelSource, Offer>();
  private entries = new Map<string, Entry>();
  private readonly removed = new Set<ChatModel>();
  private readonly listeners = new Set<() => void>();
  private readonly told = new Set<string>();
  private readonly watch = new ModelWatch(
    () => [...this.entries.values()].flatMap(({ model }) => (model ? [model] : [])),
    () => this.tell(),
  );
  private isWarm = false;

  /** Nothing is read or started yet. */
  constructor(private readonly options: RegistryOptions = {}) {}

  /**
   * Takes what a source offers now, instead of what it offered before. A model whose configuration is the same stays as it
   * is, with all that it has loaded; the backend of any other closes once its runs have ended. `faults` are of models
   * whose server cannot be asked at the moment, by id.
   */
  setSource(
    source: ModelSource,
    configs: readonly ModelConfig[],
    faults: ReadonlyMap<string, ModelFault> = new Map(),
  ): void {
    this.offers.set(source, { configs, faults });
    const former = this.entries;
    this.entries = this.merge();
    const models = new Set([...this.entries.values()].map(({ model }) => model));
    for (const { model } of former.values()) {
      if (!model || models.has(model)) continue;
      this.removed.add(model);
      model.remove();
    }
    const isNew = (entry: Entry) => former.get(entry.config.id) !== entry;
    if (this.isWarm) this.warmLater([...this.entries.values()].filter(isNew));
    const [before, now] = [[...former.values()], [...this.entries.values()]];
    const isSame = before.length === now.length && before.every((entry, index) => entry === now[index]);
    if (isSame) this.watch.look();
    else this.tell();
  }

  /** What an owner may see, retired and unlisted models too. */
  list(owner = ''): ModelSummary[] {
    return this.visible(owner).map(({ model, config }) => model?.summary() ?? summaryOf(config));
  }

  /** Of all models, whoever they are for. */
  get ids(): string[] {
    return [...this.entries.keys()];
  }

  /** The one that new conversations get. */
  get defaultId(): string {
    return this.defaultFor('');
  }

  /** The one that new conversations of this owner get: the marked one, or the first, that is not unavailable. */
  defaultFor(owner: string): string {
    const offered = this.visible(owner).filter(
      ({ model, config }) => model && config.replacedBy === undefined && !config.unlisted,
    );
    const up = offered.filter(({ model }) => model?.availability().state !== 'unavailable');
    const chosen = up.find(({ config }) => config.default) ?? up[0] ?? offered[0];
    return chosen?.config.id ?? '';
  }

  /** `not-found` for one that is not configured, or not for this owner (absent: whoever asks); a retired one may be there. */
  get(id: string, owner?: string): Model {
    const { model, config } = this.entry(id, owner);
    if (model) return model;
    throw retiredFault(config);
  }

  /** As `get`, for a new answer: throws `model-unavailable` for one that is retired. */
  offer(id: string, owner: string): Model {
    const { config } = this.entry(id, owner);
    if (config.replacedBy !== undefined) throw retiredFault(config);
    return this.get(id, owner);
  }

  /** The picture of a model; `not-found` when it has none. */
  logo(id: string, owner: string): Logo {
    const { logo } = this.entry(id, owner).config;
    if (!logo) throw new AppError('not-found', 'This model has no picture.');
    return logo;
  }

  /** Calls `listener` when models have come, gone or changed. Returns the function that ends this. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Makes the models ready; faults are in `list`. From then on those that come are made ready too. */
  async warmUp(): Promise<void> {
    this.isWarm = true;
    await this.warm([...this.entries.values()]);
    this.watch.start();
  }

  async close(): Promise<void> {
    this.watch.stop();
    this.listeners.clear();
    const all = [...this.entries.values()].flatMap(({ model }) => (model ? [model] : []));
    await Promise.all([...all, ...this.removed].map((model) => model.close()));
  }

  /**
   * Servers are asked at the same time. Local models come one after the other, so that they do not fight for the processor,
   * and only the one that new conversations get is loaded: the others are, when they are first used. What a server has
   * just offered is not asked again.
   */
  private async warm(entries: Entry[]): Promise<void> {
    const models = entries.flatMap(({ model, source }) => (model ? [{ model, source }] : []));
    const isLocal = ({ model }: { model: ChatModel }) => model.backend.type === 'local';
    const servers = models.filter((one) => !isLocal(one));
    const asked = servers.map(({ model, source }) =>
      source === 'listed' ? model.warmUp() : model.readFiles(),
    );
    // A server that hangs does not hold back what is here.
    await Promise.race([Promise.all(asked), pause(longestAskMs)]);
    for (const { model } of models.filter(isLocal)) await model.readFiles();
    for (const { model } of models.filter(isLocal)) if (model.id === this.defaultId) await model.warmUp();
    this.watch.look();
  }

  private warmLater(entries: Entry[]): void {
    this.warm(entries).catch((thrown: unknown) => {
      this.options.note?.('models could not be made ready', { err: thrown });
    });
  }

  private merge(): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const source of modelSources) {
      const { configs, faults } = this.offers.get(source) ?? { configs: [], faults: new Map() };
      for (const config of configs) {
        const first = entries.get(config.id);
        if (first) this.tellClash(config.id, first.source, source);
        else this.add(entries, config, source, faults.get(config.id));
      }
    }
    return entries;
  }

  /** A model that cannot even be made costs no other one its place. */
  private add(
    entries: Map<string, Entry>,
    config: ModelConfig,
    source: ModelSource,
    fault: ModelFault | undefined,
  ): void {
    try {
      entries.set(config.id, this.entryOf(config, source, fault));
    } catch (thrown) {
      this.options.note?.('a model could not be made', { modelId: config.id, err: thrown });
    }
  }

  private entryOf(config: ModelConfig, source: ModelSource, fault: ModelFault | undefined): Entry {
    const former = this.entries.get(config.id);
    const isSame = former?.source === source && isDeepStrictEqual(former.config, config);
    const { http = defaultHttpSettings, note } = this.options;
    const entry = isSame
      ? former
      : { config, source, model: createModel(config, { http, ...(note && { note }) }) };
    if (entry.model) entry.model.serverFault = fault;
    return entry;
  }

  private entry(id: string, owner: string | undefined): Entry {
    const entry = this.entries.get(id);
    if (!entry || (owner !== undefined && !this.isVisible(entry, owner)))
      throw new AppError(
        'not-found',
        id === '' ? 'There is no model yet.' : `This server has no model "${id}".`,
      );
    return entry;
  }

  private visible(owner: string): Entry[] {
    return [...this.entries.values()].filter((entry) => this.isVisible(entry, owner));
  }

  private isVisible({ config }: Entry, owner: string): boolean {
    return config.access !== 'admin' || this.options.isAdmin?.(owner) === true;
  }

  private tellClash(id: string, offeredBy: ModelSource, source: ModelSource): void {
    const key = `${source} ${id}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.options.note?.('two models have one id, and the first is offered', {
      modelId: id,
      offeredBy,
      source,
    });
  }

  private tell(): void {
    this.watch.remember();
    for (const listener of this.listeners) listener();
  }
}

/** How long the start waits for servers, in milliseconds. */
const longestAskMs = 10_000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function retiredFault(config: ModelConfig): AppError {
  const { reason, remedy } = retired(config);
  return new AppError('model-unavailable', `${reason} ${remedy}`, { retryable: false });
}
