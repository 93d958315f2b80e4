import { AppError } from '../../domain/errors';
import type { Note } from '../backends/backend';
import { defaultHttpSettings } from '../backends/http/settings';
import { FileWatch } from './file-watch';
import { FilesWatch } from './files-watch';
import {
  filesRead,
  readOperatorModels,
  readText,
  type ModelSettings,
  type OperatorModels,
} from './operator-models';
import { ModelRegistry } from './registry';
import { ServerList } from './server-list';
import type { Discover } from './server-watch';
import { tryTokenizers } from './try-tokenizers';

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
 * followed while the server runs, and so are the files that it names; a bad file changes nothing and is told. Throws
 * `config-invalid` when it is bad at the start.
 */
export async function openModels(settings: ModelSettings, options: OpenModelsOptions): Promise<OpenedModels> {
  const { discover, note, warn, isAdmin, longestListMs = 3000 } = options;
  const { http = defaultHttpSettings, modelsFile } = settings;
  let text = await readText(settings);
  // A change that comes before the first models are there waits for them.
  let begin: () => void = () => undefined;
  let reloading = new Promise<void>((resolve) => (begin = resolve));
  const reloadLater = (changed: string) => {
    reloading = reloading.then(() => reload(changed));
  };
  const files = new FilesWatch({ onChange: () => reloadLater('a file that a model names') });
  const read = async () => {
    // What a bad text names is not known, and what was followed before stays.
    await files.follow(filesRead(settings, text));
    return readOperatorModels(settings, text);
  };
  let current = await read().catch((thrown: unknown) => {
    files.close();
    throw thrown;
  });
  const registry = new ModelRegistry({ note, http, isAdmin });
  const servers = new ServerList(registry, { discover, http, note, warn });
  const apply = ({ listed, local, servers: entries }: OperatorModels) => {
    registry.setSource('listed', listed);
    registry.setSource('local', local);
    return servers.set(entries);
  };
  const reload = async (changed: string) => {
    try {
      const next = await read();
      await tryTokenizers(next.listed, current.listed);
      current = next;
      note(`${changed} has changed and is in use`, {
        models: next.listed.length,
        servers: next.servers.length,
      });
      // A server that hangs does not hold back the next change.
      apply(next).catch((thrown: unknown) => warn('servers could not be asked', { err: thrown }));
    } catch (thrown) {
      const faults = thrown instanceof AppError ? { faults: thrown.message } : { err: thrown };
      warn(`${changed} was changed and is not used, since it has faults; the former one stays`, faults);
    }
  };
  const areListed = apply(current).then(() => true);
  begin();
  if (!(await Promise.race([areListed, pause(longestListMs)])))
    warn('some model servers have not said yet what they have; they are asked on', {});
  const watch = watchText(modelsFile, text, warn, (changed) => {
    text = changed;
    reloadLater('the file of models');
  });
  return {
    registry,
    close: async () => {
      watch?.close();
      files.close();
      await reloading;
      servers.close();
      await registry.close();
    },
  };
}

function watchText(
  modelsFile: string | undefined,
  text: string | undefined,
  warn: Note,
  onText: (text: string) => void,
): FileWatch | undefined {
  if (modelsFile === undefined || text === undefined) return undefined;
  const onFault = (code: string) =>
    warn('the file of models cannot be read; the former one stays', { modelsFile, code });
  return new FileWatch(modelsFile, text, { onText, onFault });
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
