import type { Note } from '../backends/backend';
import { discoverServer } from '../backends/discovery/discover';
import { openModels, type OpenedModels } from './open-models';
import type { ModelSettings } from './operator-models';

/**
 * The models of the operator, those for administrators too, without the server around them. Servers have `longestListMs` to
 * say what they have; `warn` hears what is wrong.
 */
export function openForTrial(
  settings: ModelSettings,
  { warn, longestListMs }: { warn: Note; longestListMs: number },
): Promise<OpenedModels> {
  return openModels(settings, {
    discover: discoverServer,
    note: () => undefined,
    warn,
    isAdmin: () => true,
    longestListMs,
  });
}
