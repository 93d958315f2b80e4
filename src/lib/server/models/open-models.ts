import { AppError } from '../../domain/errors';
import type { Note } from '../backends/backend';
import { defaultHttpSettings } from '../backends/http/settings';
import { FileWatch } from './file-watch';
import { readOperatorModels, readText, type ModelSettings, type OperatorModels } from './operator-models';
import { ModelRegistry } from './registry';
import { ServerList } from './server-list';
import type { Discover } from './server-watch';

export interface OpenModelsOptions {
  discover: Discover;
  /** What happened. */
  note: Note;
  /** What somebody has to mend. */
  warn: Note;
  isAdmin: (owner: string) => boolean;
  /** How long the start waits for the lists of servers, in milliseconds. Their models come whenever they come. */
  longestListMs?: number;
}

export interface OpenedModels {
  registry: ModelRegistry;
  close(): Promise<void>;
}

/**
 * The registry with the models of the operator: those of the file, of servers and of folders. What the file says is
 * followed while the server runs; a bad file changes nothing and is told. Throws `config-invalid` when it is bad at the
 * start.
 */
export async function openModels(settings: ModelSettings, options: OpenModelsOptions): Promise<OpenedModels> {
  const { discover, note, warn, isAdmin, longestListMs = 3000 } = options;
  const { http = defaultHttpSettings, modelsFile } = settings;
  const text = await readText(settings);
  const operator = await readOperatorModels(settings, text);
  const registry = new ModelRegistry({ note, http, isAdmin });
  const servers = new ServerList(registry, { discover, http, note, warn });
  const apply = ({ listed, local, servers: entries }: OperatorModels) => {
    registry.setSource('listed', listed);
    registry.setSource('local', local);
    return servers.set(entries);
  };
  const areListed = apply(operator).then(() => true);
  if (!(await Promise.race([areListed, pause(longestListMs)])))
    warn('some model servers have not said yet what they have; they are asked on', {});
  const reload = async (changed: string) => {
    try {
      const read = await readOperatorModels(settings, changed);
      note('the file of models has changed and is in use', {
        models: read.listed.length,
        servers: read.servers.length,
      });
      // A server that hangs does not hold back the next change.
      apply(read).catch((thrown: unknown) => warn('servers could not be asked', { err: thrown }));
    } catch (thrown) {
      const faults = thrown instanceof AppError ? { faults: thrown.message } : { err: thrown };
      warn(
        'the file of models was changed and is not used, since it has faults; the former one stays',
        faults,
      );
    }
  };
  let reloading = Promise.resolve();
  const watch =
    modelsFile !== undefined && text !== undefined
      ? new FileWatch(modelsFile, text, {
          onText: (changed) => {
            reloading = reloading.then(() => reload(changed));
          },
          onFault: (code) =>
            warn('the file of models cannot be read; the former one stays', { modelsFile, code }),
        })
      : undefined;
  return {
    registry,
    close: async () => {
      watch?.close();
      await reloading;
      servers.close();
      await registry.close();
    },
  };
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
