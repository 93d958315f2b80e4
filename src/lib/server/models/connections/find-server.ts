import { AppError } from '../../../domain/errors';
import type { ServerBackend } from '../../../domain/connection';
import { discoverServer } from '../../backends/discovery/discover';
import type { DiscoveredServer } from '../../backends/discovery/discovered';
import type { HttpSettings } from '../../backends/http/settings';
import type { ServerSecrets } from './vault';

/** All questions together; a person waits for it. */
const timeoutMs = 30_000;

interface Place {
  url: string;
  secrets: ServerSecrets | undefined;
  /** The driver that speaks with it already. */
  type?: ServerBackend | undefined;
}

/** `discoverServer` within a time that a person waits; throws as it does. */
export async function findServer(
  { url, secrets, type }: Place,
  http: HttpSettings,
  signal: AbortSignal,
): Promise<DiscoveredServer> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await discoverServer(
      { url, type, ...secrets },
      { http, signal: AbortSignal.any([signal, limit]) },
    );
  } catch (thrown) {
    if (signal.aborted || !limit.aborted) throw thrown;
    throw new AppError(
      'backend-unreachable',
      'The server takes too long to say who it is. Try again in a while.',
      {
        cause: thrown,
        details: { fault: 'too-slow' },
      },
    );
  }
}
