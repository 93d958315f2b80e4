import { isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../../domain/errors';
import { usualImages, type ModelCapabilities, type ModelOrigin } from '../../domain/model-summary';
import { isLocal } from '../backends/local/config';
import { readFolderConfig, type ModelTask } from '../backends/local/folder-config';
import type { LocalSettings } from '../config/env';
import { readLogo, type Logo } from './logo';
import type { ModelEntry } from './model-entry';
import { tokenizerVersion } from './named-files';
import { readChatTemplate, type ReadChatTemplate } from './templates/read-chat-template';

/** Why a model cannot answer, and what to do; for people. */
export interface ModelFault {
  reason: string;
  remedy: string;
}

/** A model as the registry takes it: an entry with what was read for it. Plain data, compared as such. */
export interface ModelConfig extends Omit<ModelEntry, 'logo' | 'capabilities' | 'chatTemplate'> {
  origin: ModelOrigin;
  isBundled?: boolean;
  /** Of the server that has it, for people. */
  provider?: string;
  logo?: Logo;
  /** Another one when the files of the tokenizer are others. */
  tokenizerVersion?: string;
  capabilities?: ModelCapabilities;
  chatTemplate?: ReadChatTemplate;
}

export interface ResolveOptions {
  /** Begins the line of a fault. */
  name: string;
  /** Where relative paths of logos and tokenizers begin. */
  baseDir: string;
  local: LocalSettings;
}

/** Reads what entries name: pictures, and what the folders of local models do. Throws `config-invalid` with every fault. */
export async function resolveEntries(
  entries: readonly ModelEntry[],
  { name, baseDir, local }: ResolveOptions,
): Promise<ModelConfig[]> {
  const faults: string[][] = entries.map(() => []);
  const configs = await Promise.all(
    entries.map((entry, index) => {
      const attempt: Attempt = (work, describe) =>
        work.catch((thrown: unknown) => {
          if (!(thrown instanceof AppError)) throw thrown;
          faults[index]?.push(`${name}: ${describe(thrown.message)}`);
          return undefined;
        });
      return resolveEntry(entry, { baseDir, local, attempt });
    }),
  );
  // In the order of the entries, and not in that in which their files were read.
  const lines = faults.flat();
  if (lines.length > 0) throw new AppError('config-invalid', lines.join('\n'));
  return configs;
}

/** Remembers a fault of the configuration, so that those of all entries are told at once. */
type Attempt = <T>(work: Promise<T>, describe: (message: string) => string) => Promise<T | undefined>;

async function resolveEntry(
  entry: ModelEntry,
  { baseDir, local, attempt }: { baseDir: string; local: LocalSettings; attempt: Attempt },
): Promise<ModelConfig> {
  const { logo, capabilities, tokenizer, chatTemplate, ...rest } = entry;
  const place = logo?.startsWith('data:') ? logo : logo && resolve(baseDir, logo);
  const picture =
    place === undefined
      ? undefined
      : await attempt(readLogo(place), (message) => `the logo of "${entry.id}" ${message}.`);
  const template =
    chatTemplate &&
    (await attempt(readChatTemplate(chatTemplate, baseDir), (message) => `"${entry.id}": ${message}`));
  const tokens = tokenizer === undefined ? undefined : resolve(baseDir, tokenizer);
  return withPlace(
    {
      ...rest,
      origin: 'listed',
      ...(picture && { logo: picture }),
      ...(capabilities && { capabilities: capabilitiesOf(capabilities) }),
      ...(template && { chatTemplate: template }),
      ...(tokens !== undefined && { tokenizer: tokens, tokenizerVersion: await tokenizerVersion(tokens) }),
    },
    local,
  );
}

function capabilitiesOf({ images, ...others }: NonNullable<ModelEntry['capabilities']>): ModelCapabilities {
  const known = { ...others, ...(images && { images: { ...usualImages, ...images } }) };
  // zod writes what is absent as optional; the types here know no `undefined`.
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Settings of all local models under those of this one, and what it does, which decides what runs it. */
export async function withPlace(config: ModelConfig, local: LocalSettings): Promise<ModelConfig> {
  const { backend } = config;
  if (!isLocal(backend)) return config;
  const path = isAbsolute(backend.path) ? backend.path : join(local.modelsDir, backend.path);
  const { threads, slots, context, idleUnloadMs } = local;
  const general = { slots, context, idleUnloadMs, ...(threads !== undefined && { threads }) };
  return { ...config, backend: { ...general, task: await taskOf(path), ...backend, path } };
}

/** A folder that cannot be read says so when its model is asked for; until then it counts as one that chats. */
function taskOf(path: string): Promise<ModelTask> {
  return readFolderConfig(path).then(
    ({ task }) => task,
    () => 'text-generation' as const,
  );
}
