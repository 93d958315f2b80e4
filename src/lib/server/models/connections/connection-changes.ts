import type { Connection } from '../../../domain/connection';
import type { ConnectionChanges } from '../../../domain/connection-requests';
import { AppError } from '../../../domain/errors';
import { baseAt, isSameServer } from '../../backends/discovery/pasted-address';
import type { ConnectedServer } from './connected-server';
import { hasSecrets, type ServerSecrets } from './vault';

/** What a request says of a server and of what is told to it; `null` takes the key away. */
export interface GivenSecrets extends Omit<ServerSecrets, 'apiKey'> {
  url: string;
  key?: string | null | undefined;
}

/** Whether no server needs to be asked for these changes, and the key stays as it is sealed. */
export function isEdit(changes: ConnectionChanges, connection: Connection): boolean {
  const { url, key, choice, check = true } = changes;
  if (key !== undefined) return false;
  return check ? url === undefined && choice === undefined : urlAfter(changes, connection) === connection.url;
}

/** Where the server is after them: what was pasted is looked at by whoever asks there; unasked, it is read as what was there is. */
export function urlAfter({ url, check = true }: ConnectionChanges, connection: Connection): string {
  if (url === undefined) return connection.url;
  return check ? url : baseAt(url, connection.url);
}

/** What is given, over what is stored. A stored key goes to the server that it was given for, and to no other. */
export function secretsAfter(
  { url, key, headers, query }: GivenSecrets,
  stored: ConnectedServer | undefined,
): ServerSecrets {
  const given = { ...(key && { apiKey: key }), ...(headers && { headers }), ...(query && { query }) };
  const isKept =
    stored && hasSecrets(stored.secrets) && key !== null && isSameServer(url, stored.connection.url);
  return isKept ? { ...stored.secrets, ...given } : given;
}

/** What people say of a connection, and no server is asked for. */
export function saidOf({ name, isForAdmins }: ConnectionChanges) {
  return { ...(name !== undefined && { name }), ...(isForAdmins !== undefined && { isForAdmins }) };
}

/** What cannot be used is given anew: without asking, nobody knows what it is. Throws `invalid-input`. */
export function assertUsable({ status }: ConnectedServer): void {
  if (status.state === 'broken') throw new AppError('invalid-input', status.reason);
}

export function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    'The address or the key of this server was changed somewhere else just now. Look at it, and change it again.',
  );
}
