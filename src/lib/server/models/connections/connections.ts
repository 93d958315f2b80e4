import { AppError } from '../../../domain/errors';
import type { Connection, ConnectionSummary, FoundServer, ModelTest } from '../../../domain/connection';
import type * as requests from '../../../domain/connection-requests';
import type { Note } from '../../backends/backend';
import type { HttpSettings } from '../../backends/http/settings';
import type { ModelConfig, ModelFault } from '../model-config';
import { backendOf, chosenModels, prefixOf, usualName } from './connected-models';
import { ConnectedServer } from './connected-server';
import {
  assertUsable,
  changedMeanwhile,
  isEdit,
  saidOf,
  secretsAfter,
  urlAfter,
  type GivenSecrets,
} from './connection-changes';
import { findServer } from './find-server';
import { testModel } from './test-model';
import { hasSecrets, type ServerSecrets, type Vault } from './vault';

/** Keeps connections; `storage/connection-store.ts` is one. */
export interface ConnectionBook {
  list(): Promise<Connection[]>;
  put(connection: Connection): Promise<void>;
  delete(id: string): Promise<boolean>;
}

export interface ConnectionsOptions {
  book: ConnectionBook;
  vault: Vault;
  http: HttpSettings;
  /** Hears the models of all connections whenever they change, and why some of them cannot be asked now. */
  publish: (configs: ModelConfig[], faults: ReadonlyMap<string, ModelFault>) => void;
  /** Whether the ids of models from elsewhere begin with this. */
  isPrefixTaken: (prefix: string) => boolean;
  note: Note;
  /** What somebody has to mend. */
  warn: Note;
}

/** How often servers are asked again, and those that did not answer. */
const refreshEveryMs = 5 * 60_000;
const retryEveryMs = 15_000;

/** The servers that were connected in the app, and what they offer. What is stored changes one after the other. */
export class Connections {
  private readonly servers = new Map<string, ConnectedServer>();
  private readonly closing = new AbortController();
  private last: Promise<unknown> = Promise.resolve();
  private refreshing: Promise<void> = Promise.resolve();
  private timers: NodeJS.Timeout[] = [];

  constructor(private readonly options: ConnectionsOptions) {}

  /** Offers what is stored with what was known of it, and then asks each server, now and every few minutes. */
  async open(): Promise<void> {
    const { book, vault, warn } = this.options;
    for (const connection of await book.list()) {
      const server = await ConnectedServer.open(connection, vault);
      const { status } = server;
      if (server.isLost)
        warn('a connected server cannot be used', { connectionId: connection.id, ...status });
      this.servers.set(connection.id, server);
    }
    this.publish();
    this.refreshAll();
    this.timers = [
      setInterval(() => this.refreshAll(({ isLeftAlone }) => !isLeftAlone), refreshEveryMs).unref(),
      setInterval(() => this.refreshAll(({ status }) => status.state === 'failed'), retryEveryMs).unref(),
    ];
  }

  list(): ConnectionSummary[] {
    return [...this.servers.values()].map((server) => server.summary());
  }

  /** What speaks at an address. Throws as `discoverServer`. */
  async probe(request: requests.ProbeRequest, signal: AbortSignal): Promise<FoundServer> {
    const secrets = this.secretsFor(request, request.connectionId);
    const found = await findServer({ url: request.url, secrets }, this.options.http, signal);
    return { ...found, name: usualName(found.flavour, found.url) };
  }

  /** Asks a model for a word. Throws what its backend throws. */
  async test(request: requests.ModelTestRequest, signal: AbortSignal): Promise<ModelTest> {
    const { http, note } = this.options;
    const secrets = this.secretsFor(request, request.connectionId);
    const config = backendOf(request, { id: request.modelId, capabilities: {} }, secrets);
    return testModel(config, { http, note }, signal);
  }

  /** Connects a server and offers its models. The same again answers with what is there. */
  async add(request: requests.NewConnectionRequest, signal: AbortSignal): Promise<ConnectionSummary> {
    const { id, choice, isForAdmins = false } = request;
    const existing = this.servers.get(id);
    if (existing) return existing.summary();
    const secrets = this.secretsFor(request);
    const found = await findServer({ url: request.url, secrets }, this.options.http, signal);
    return this.inTurn(() => {
      // The same came twice at once, and the other one was first.
      const other = this.servers.get(id);
      if (other) return Promise.resolve(other.summary());
      const name = request.name ?? usualName(found.flavour, found.url);
      const prefix = prefixOf(name, (one) => this.isPrefixTaken(one));
      const models = chosenModels(choice, found.models, []);
      const createdAt = new Date();
      return this.keep({ ...found, id, name, prefix, choice, isForAdmins, models, createdAt }, secrets);
    });
  }

  /**
   * Changes what is given, and asks the server again unless that is its name alone or nobody wants it asked. Throws
   * `not-found` when it is not there, and `conflict` when somebody has given it another address or key meanwhile: what was
   * found is of the server that was, and so may be the key.
   */
  async change(
    id: string,
    changes: requests.ConnectionChanges,
    signal: AbortSignal,
  ): Promise<ConnectionSummary> {
    const { key, choice, check = true } = changes;
    const before = this.server(id);
    const { connection } = before;
    if (!check) assertUsable(before);
    if (isEdit(changes, connection)) return this.edit(id, changes);
    const url = urlAfter(changes, connection);
    const secrets = this.secretsFor({ url, key }, id);
    const type = changes.url === undefined ? connection.backend : undefined;
    const found = check
      ? await findServer({ url, secrets, type }, this.options.http, signal)
      : { ...connection, url };
    const saved = await this.inTurn(() => {
      const now = this.server(id);
      if (!now.isAtPlaceOf(before)) throw changedMeanwhile();
      const { backend, flavour, models: known } = found;
      const chosen = choice ?? now.connection.choice;
      const models = chosenModels(chosen, known, now.connection.models);
      const changed = { ...now.connection, ...saidOf(changes), url: found.url, backend, flavour };
      return this.keep({ ...changed, choice: chosen, models }, secrets, check ? 'ready' : 'unchecked');
    });
    if (!check) this.refreshAll(({ connection: one }) => one.id === id);
    return saved;
  }

  /** Its models are offered no more, and its key is gone. Twice is fine. */
  remove(id: string): Promise<void> {
    return this.inTurn(async () => {
      await this.options.book.delete(id);
      this.servers.delete(id);
      this.publish();
    });
  }

  /** Asks a server again how it is and which models it has; what is wrong is in its state. */
  async refresh(id: string, signal: AbortSignal): Promise<ConnectionSummary> {
    const before = this.server(id);
    const after = await before.look(this.options.http, signal);
    return this.inTurn(async () => {
      const now = this.server(id);
      // Changed meanwhile: what was learned is of before.
      if (now !== before) return now.summary();
      const isOther = !after.offersSameAs(before);
      if (isOther) await this.options.book.put(after.connection);
      this.servers.set(id, after);
      if (isOther || !after.isInStateOf(before)) this.publish();
      return after.summary();
    });
  }

  /** Lets go of what is asked, and ends what is written. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.closing.abort();
    await Promise.all([this.refreshing, this.last]);
  }

  /** What no server needs to be asked for. The key stays as it is sealed. */
  private edit(id: string, { choice, ...changes }: requests.ConnectionChanges): Promise<ConnectionSummary> {
    return this.inTurn(async () => {
      const server = this.server(id);
      assertUsable(server);
      const { connection, secrets, status } = server;
      const { models } = connection;
      const edited = new ConnectedServer(
        {
          ...connection,
          ...saidOf(changes),
          ...(choice && { choice, models: chosenModels(choice, models, models) }),
        },
        secrets,
        status,
      );
      await this.options.book.put(edited.connection);
      this.servers.set(id, edited);
      this.publish();
      return edited.summary();
    });
  }

  /** Stores a connection, and offers its models. */
  private async keep(
    connection: Omit<Connection, 'sealed'>,
    secrets: ServerSecrets,
    state: 'ready' | 'unchecked' = 'ready',
  ): Promise<ConnectionSummary> {
    const { id, name, prefix, url, backend, flavour, choice, models, createdAt, isForAdmins } = connection;
    const plain = {
      ...{ id, name, prefix, url, backend, flavour, choice, models, createdAt },
      ...(isForAdmins && { isForAdmins }),
    };
    const sealed = hasSecrets(secrets) ? await this.options.vault.seal(secrets, plain) : undefined;
    const whole: Connection = { ...plain, ...(sealed !== undefined && { sealed }) };
    const server = new ConnectedServer(whole, secrets, { state });
    // What no driver takes is not stored either.
    server.configs();
    await this.options.book.put(whole);
    this.servers.set(id, server);
    this.publish();
    return server.summary();
  }

  private server(id: string): ConnectedServer {
    const server = this.servers.get(id);
    if (!server) throw new AppError('not-found', 'This server is not connected any more.');
    return server;
  }

  private secretsFor(given: GivenSecrets, connectionId?: string): ServerSecrets {
    return secretsAfter(given, connectionId === undefined ? undefined : this.server(connectionId));
  }

  private isPrefixTaken(prefix: string): boolean {
    const own = [...this.servers.values()].some(({ connection }) => connection.prefix === prefix);
    return own || this.options.isPrefixTaken(prefix);
  }

  private publish(): void {
    const servers = [...this.servers.values()];
    const faults = servers.flatMap((server) => server.faults());
    this.options.publish(
      servers.flatMap((server) => server.configs()),
      new Map(faults),
    );
  }

  private refreshAll(isMeant: (server: ConnectedServer) => boolean = () => true): void {
    const { signal } = this.closing;
    const meant = [...this.servers.values()].filter(isMeant);
    const all = meant.map(({ connection: { id } }) =>
      this.refresh(id, signal).catch((thrown: unknown) => {
        if (signal.aborted || (thrown instanceof AppError && thrown.code === 'not-found')) return;
        this.options.note('a connected server could not be asked', { connectionId: id, err: thrown });
      }),
    );
    this.refreshing = Promise.all([this.refreshing, ...all]).then(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
