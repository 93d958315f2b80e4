import type {
  ConnectionSummary,
  FoundServer,
  ModelChoice,
  ModelTest,
  OfferedModel,
} from '../domain/connection';
import type { ConnectionChanges } from '../domain/connection-requests';
import { ApiError } from './api';
import type { ConnectionsApi } from './connections-api';
import { connectionWords } from './connection-words';
import { newId } from './ids';

/** What asking one model for a word has come to. */
export type TestState =
  { state: 'running' } | { state: 'answered'; test: ModelTest } | { state: 'failed'; words: string };

/** Faults that are about the key: its field is where to go on. */
const keyFaults: ReadonlySet<unknown> = new Set(['key-missing', 'key-refused']);

/** The making of one connection, or its change: an address, what is found there, which models are taken. */
export class ServerSetup {
  url = $state('');
  /** As typed here. One that is stored is never shown. */
  key = $state('');
  /** The server needs the key that is stored no more. */
  takesKeyAway = $state(false);
  name = $state('');
  /** Nobody but administrators is to know of its models. */
  isForAdmins = $state(false);
  found = $state.raw<FoundServer | null>(null);
  /** All that answer, also those that the server gets later. */
  takesAll = $state(true);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  tests = $state.raw<ReadonlyMap<string, TestState>>(new Map());
  doing = $state.raw<'nothing' | 'looking' | 'saving'>('nothing');
  error = $state.raw<string | null>(null);
  /** Where the error can be mended. */
  faultyField = $state.raw<'url' | 'key' | null>(null);
  private readonly newId = newId();
  private closing = new AbortController();

  constructor(
    private readonly api: ConnectionsApi,
    /** The one that is changed; absent: a new one. */
    readonly connection: ConnectionSummary | undefined,
    private readonly onSaved: (connection: ConnectionSummary) => void,
  ) {
    if (!connection) return;
    this.url = connection.url;
    this.name = connection.name;
    this.isForAdmins = connection.isForAdmins === true;
    this.takesAll = connection.choice === 'all';
    if (connection.choice !== 'all') this.chosen = new Set(connection.choice);
  }

  /** Models that answer; the others cannot be chosen. */
  get models(): OfferedModel[] {
    return (this.found?.models ?? []).filter(({ isEmbedding }) => !isEmbedding);
  }

  /** Chosen by hand, where the server says nothing of them. */
  get unlisted(): string[] {
    const listed = new Set(this.models.map(({ id }) => id));
    return [...this.chosen].filter((id) => !listed.has(id));
  }

  get choice(): ModelChoice {
    return this.takesAll && this.models.length > 0 ? 'all' : [...this.chosen];
  }

  get canSave(): boolean {
    return this.found !== null && this.doing === 'nothing' && this.choice.length > 0;
  }

  /** Whether what is connected can be changed without asking the server, which may be down. */
  get canSaveUnchecked(): boolean {
    return (
      this.connection !== undefined &&
      this.connection.status.state !== 'broken' &&
      this.found === null &&
      this.doing === 'nothing' &&
      this.url.trim() !== ''
    );
  }

  /** Whether the address is of another server than the one that the stored key is for. */
  get isOtherServer(): boolean {
    const former = this.connection?.url ?? '';
    return former !== '' && !isOfServer(this.found?.url ?? this.url.trim(), former);
  }

  /** Finds out what speaks at the address. */
  async look(): Promise<void> {
    if (this.doing !== 'nothing') return;
    this.forget();
    const { signal } = this.closing;
    await this.attempt('looking', async () => {
      const found = await this.api.probe({ url: this.url.trim(), ...this.secret }, signal);
      if (signal.aborted) return;
      this.found = found;
      if (this.name.trim() === '') this.name = found.name;
      const listed = new Set(this.models.map(({ id }) => id));
      if (this.models.length === 0) this.takesAll = false;
      else if (!this.connection) this.takesAll = listed.size <= 20;
    });
  }

  /** The address or the key is another: what was found is of another server. */
  forget(): void {
    this.closing.abort();
    this.closing = new AbortController();
    this.found = null;
    this.tests = new Map();
    this.error = null;
    this.faultyField = null;
  }

  choose(id: string, isChosen: boolean): void {
    const others = [...this.chosen].filter((one) => one !== id);
    this.chosen = new Set(isChosen ? [...others, id] : others);
  }

  /** Asks one model for a word. */
  async test(modelId: string): Promise<void> {
    const { found, closing } = this;
    if (!found || this.tests.get(modelId)?.state === 'running') return;
    const note = (state: TestState) => {
      if (!closing.signal.aborted) this.tests = new Map([...this.tests, [modelId, state]]);
    };
    note({ state: 'running' });
    const { url, backend } = found;
    try {
      const test = await this.api.test({ url, backend, modelId, ...this.secret }, closing.signal);
      note({ state: 'answered', test });
    } catch (thrown) {
      note({ state: 'failed', words: connectionWords(thrown) });
    }
  }

  async save(): Promise<void> {
    if (!this.canSave || !this.found) return;
    const { choice, connection } = this;
    const { url } = this.found;
    const name = this.name.trim() || this.found.name;
    await this.attempt('saving', async () => {
      const key = this.key.trim();
      const saved = connection
        ? await this.api.change(connection.id, { url, name, choice, ...this.keyChange, ...this.accessChange })
        : await this.api.add({
            id: this.newId,
            url,
            name,
            choice,
            ...(key && { key }),
            ...this.accessChange,
          });
      this.onSaved(saved);
    });
  }

  /** Saves address, key and name as they are given; the server is asked afterwards. */
  async saveUnchecked(): Promise<void> {
    const { connection } = this;
    if (!this.canSaveUnchecked || !connection) return;
    const name = this.name.trim() || connection.name;
    const changes = { url: this.url.trim(), name, ...this.keyChange, ...this.accessChange, check: false };
    await this.attempt('saving', async () => this.onSaved(await this.api.change(connection.id, changes)));
  }

  /** Nobody waits for an answer any more. */
  cancel(): void {
    this.closing.abort();
  }

  private get keyChange(): Pick<ConnectionChanges, 'key'> {
    const key = this.key.trim();
    return this.takesKeyAway ? { key: null } : { ...(key && { key }) };
  }

  private get accessChange(): Pick<ConnectionChanges, 'isForAdmins'> {
    const { isForAdmins } = this;
    return isForAdmins === (this.connection?.isForAdmins === true) ? {} : { isForAdmins };
  }

  private get secret(): { key?: string; connectionId?: string } {
    if (this.takesKeyAway) return {};
    const key = this.key.trim();
    return { ...(key && { key }), ...(this.connection && { connectionId: this.connection.id }) };
  }

  private async attempt(doing: 'looking' | 'saving', work: () => Promise<void>): Promise<void> {
    const { closing } = this;
    this.doing = doing;
    this.error = null;
    this.faultyField = null;
    try {
      await work();
    } catch (thrown) {
      if (!closing.signal.aborted) {
        this.error = connectionWords(thrown);
        this.faultyField = fieldOf(thrown);
      }
    } finally {
      this.doing = 'nothing';
    }
  }
}

function fieldOf(thrown: unknown): 'url' | 'key' | null {
  if (!(thrown instanceof ApiError) || !thrown.wasAnswered) return null;
  return keyFaults.has(thrown.fault.details?.fault) ? 'key' : 'url';
}

/** As the server decides it, except that a name of a service counts as another server until it is looked for. */
function isOfServer(typed: string, url: string): boolean {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(typed);
  const text = hasScheme ? typed : `http://${typed}`;
  // Somebody is still writing it.
  if (!URL.canParse(text)) return true;
  const [one, other] = [new URL(text), new URL(url)];
  return hasScheme ? one.origin === other.origin : one.host === other.host;
}
