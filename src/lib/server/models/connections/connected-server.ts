import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../domain/errors';
import {
  isEndedByQuestions,
  type Connection,
  type ConnectionState,
  type ConnectionSummary,
} from '../../../domain/connection';
import type { HttpSettings } from '../../backends/http/settings';
import type { ModelConfig, ModelFault } from '../model-config';
import { chosenModels, configsOf, offeredId } from './connected-models';
import { findServer } from './find-server';
import { driverFault, readStored } from './stored-connection';
import { hasSecrets, type ServerSecrets, type Vault } from './vault';

const keyLost =
  'The key of this server cannot be read any more, because the secret of this instance has changed. Give the key again.';

/** A connection with its opened key, and how its server was when it was last asked. Never changes: another takes its place. */
export class ConnectedServer {
  constructor(
    readonly connection: Connection,
    readonly secrets: ServerSecrets,
    readonly status: ConnectionState,
  ) {}

  /**
   * As it comes from storage. A key that does not open is not there, and the state says so; so it does of what cannot be
   * used at all, which costs the others nothing.
   */
  static async open(stored: Connection, vault: Vault): Promise<ConnectedServer> {
    const { connection, fault } = readStored(stored);
    const { sealed } = connection;
    const secrets = sealed === undefined || fault !== undefined ? {} : await vault.open(sealed, connection);
    const reason = fault ?? driverFault(connection, secrets ?? {});
    if (reason !== undefined) return new ConnectedServer(connection, {}, { state: 'broken', reason });
    return secrets
      ? new ConnectedServer(connection, secrets, { state: 'unchecked' })
      : new ConnectedServer(connection, {}, { state: 'key-lost', reason: keyLost });
  }

  /** Whether nobody can be asked until a person has mended it. */
  get isLost(): boolean {
    return this.status.state === 'key-lost' || this.status.state === 'broken';
  }

  offersSameAs({ connection }: ConnectedServer): boolean {
    return isDeepStrictEqual(connection, this.connection);
  }

  /** Whether it is the same server, which hears the same key. */
  isAtPlaceOf({ connection, secrets }: ConnectedServer): boolean {
    return connection.url === this.connection.url && isDeepStrictEqual(secrets, this.secrets);
  }

  /** It would lose answers by being asked: it is asked only when it is down. */
  get isLeftAlone(): boolean {
    return this.status.state === 'ready' && isEndedByQuestions(this.connection.flavour);
  }

  isInStateOf({ status }: ConnectedServer): boolean {
    return isDeepStrictEqual(status, this.status);
  }

  /** None of what cannot be used; throws `invalid-input` for anything else that no driver takes. */
  configs(): ModelConfig[] {
    if (this.status.state === 'broken') return [];
    return configsOf(this.connection, this.secrets);
  }

  /** Why its models do not answer now, by their ids. */
  faults(): [string, ModelFault][] {
    const { status, connection } = this;
    if (status.state !== 'failed' && status.state !== 'key-lost') return [];
    const remedy = status.state === 'failed' ? 'It is asked again by itself.' : '';
    return connection.models.map(({ id }) => [
      offeredId(connection, id),
      { reason: `${connection.name}: ${status.reason}`, remedy },
    ]);
  }

  summary(): ConnectionSummary {
    const { id, name, prefix, url, backend, flavour, choice, models, createdAt, isForAdmins } =
      this.connection;
    return {
      id,
      name,
      prefix,
      url,
      backend,
      flavour,
      choice,
      ...(isForAdmins && { isForAdmins }),
      hasKey: hasSecrets(this.secrets),
      models: models.map((model) => ({
        id: offeredId(this.connection, model.id),
        name: model.name ?? model.id,
      })),
      status: this.status,
      createdAt,
    };
  }

  /** Asks the server how it is and what it has. A fault is its new state; without what is lost nobody is asked. */
  async look(http: HttpSettings, signal: AbortSignal): Promise<ConnectedServer> {
    const { connection, secrets } = this;
    if (this.isLost) return this;
    const { url, backend: type, choice, models: known } = connection;
    try {
      const { flavour, models: found } = await findServer({ url, secrets, type }, http, signal);
      const models = chosenModels(choice, found, known);
      return new ConnectedServer({ ...connection, flavour, models }, secrets, { state: 'ready' });
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof AppError)) throw thrown;
      return new ConnectedServer(connection, secrets, { state: 'failed', reason: thrown.message });
    }
  }
}
