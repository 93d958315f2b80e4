import { z } from 'zod';
import { AppError } from '../../../domain/errors';
import { serverBackends, serverFlavours, type Connection } from '../../../domain/connection';
import { configsOf } from './connected-models';
import type { ServerSecrets } from './vault';

const modelSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  description: z.string().optional(),
  contextLength: z.number().positive().optional(),
  capabilities: z.looseObject({}),
});

/** What must be there for a connection to be used, whichever version stored it. */
const connectionSchema = z.looseObject({
  name: z.string(),
  prefix: z.string().min(1),
  url: z.url({ protocol: /^https?$/u }),
  backend: z.enum(serverBackends),
  flavour: z.enum(serverFlavours),
  sealed: z.string().optional(),
  choice: z.union([z.literal('all'), z.array(z.string())]),
  isForAdmins: z.boolean().optional(),
  models: z.array(modelSchema),
});

/** `fault`: why it cannot be used; what can be shown of it is there all the same. */
export interface StoredConnection {
  connection: Connection;
  fault?: string;
}

/** Checks what comes from storage, where another version may have put it. */
export function readStored(stored: Connection): StoredConnection {
  const checked = connectionSchema.safeParse(stored);
  if (checked.success) return { connection: stored };
  const places = checked.error.issues.map(({ path }) => path.map(String).join('.'));
  return { connection: shownOf(stored), fault: faultWords(places.join(', ')) };
}

/** Why no driver takes this connection; `undefined` when all is well. */
export function driverFault(connection: Connection, secrets: ServerSecrets): string | undefined {
  try {
    configsOf(connection, secrets);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return `${thrown.message} ${remedy}`;
  }
}

const remedy = 'Give its address again, or remove it.';

function faultWords(places: string): string {
  return `What is stored of this server cannot be used by this version of Parlance (${places}). ${remedy}`;
}

/** Enough to know which one it is. Nothing is offered of it, and nobody is asked. */
function shownOf(stored: Connection): Connection {
  const { id, createdAt } = stored;
  const { name, prefix, url, choice, isForAdmins } = stored as { [K in keyof Connection]?: unknown };
  const isAddress = z.url({ protocol: /^https?$/u }).safeParse(url).success;
  return {
    id,
    name: typeof name === 'string' && name.trim() !== '' ? name : 'Unknown server',
    // Conversations name its models by it, so it is kept where the server is connected anew.
    prefix: typeof prefix === 'string' && prefix !== '' ? prefix : id,
    url: isAddress ? String(url) : '',
    backend: 'openai',
    flavour: 'unknown',
    choice: Array.isArray(choice) && choice.every((one) => typeof one === 'string') ? choice : 'all',
    // Given anew, it must not be for more people than it was.
    ...(isForAdmins !== undefined && { isForAdmins: isForAdmins !== false }),
    models: [],
    createdAt,
  };
}
