import type { Note } from '../../backends/backend';
import { defaultHttpSettings, type HttpSettings } from '../../backends/http/settings';
import type { ModelRegistry } from '../registry';
import { Connections, type ConnectionBook } from './connections';
import { Vault } from './vault';

export type { Connections };

export interface OpenConnectionsOptions {
  book: ConnectionBook;
  registry: ModelRegistry;
  /** The secret of this instance; asked for when there is a key to seal or to open. */
  secret: () => Promise<string>;
  http?: HttpSettings | undefined;
  note: Note;
  /** What somebody has to mend. */
  warn: Note;
}

/** The servers that were connected in the app; their models join the registry, and are there at once. */
export async function openConnections(options: OpenConnectionsOptions): Promise<Connections> {
  const { book, registry, secret, http = defaultHttpSettings, note, warn } = options;
  const connections = new Connections({
    book,
    http,
    note,
    warn,
    vault: new Vault(secret),
    publish: (configs, faults) => registry.setSource('connected', configs, faults),
    isPrefixTaken: (prefix) => registry.ids.some((id) => id.startsWith(`${prefix}/`)),
  });
  await connections.open();
  return connections;
}
