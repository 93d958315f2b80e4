import { isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../../domain/errors';
import type { ImageLimits, ModelCapabilities, ModelOrigin } from '../../domain/model-summary';
import { readFolderConfig, type ModelTask } from '../backends/local/folder-config';
import type { LocalSettings } from '../config/env';
import { readLogo, type Logo } from './logo';
import type { ModelEntry } from './model-entry';

/** Why a model cannot answer, and what to do; for people. */
export interface ModelFault {
  reason: string;
  remedy: string;
}

/** A model as the registry takes it: an entry with what was read for it. Plain data, compared as such. */
export interface ModelConfig extends Omit<ModelEntry, 'logo' | 'capabilities'> {
  origin: ModelOrigin;
  isBundled?: boolean;
  /** Of the server that has it, for people. */
  provider?: string;
  logo?: Logo;
  capabilities?: ModelCapabilities;
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
  const faults = new Map<string, string>();
  const configs = await Promise.all(
    entries.map((entry) =>
      resolveEntry(entry, baseDir, local).catch((thrown: unknown) => {
        if (!(thrown instanceof AppError)) throw thrown;
        faults.set(entry.id, `${name}: the logo of "${entry.id}" ${thrown.message}.`);
        return undefined;
      }),
    ),
  );
  // In the order of the entries, and not in that in which their files were read.
  const lines = entries.flatMap(({ id }) => faults.get(id) ?? []);
  if (lines.length > 0) throw new AppError('config-invalid', lines.join('\n'));
  return configs.filter((config) => config !== undefined);
}

async function resolveEntry(entry: ModelEntry, baseDir: string, local: LocalSettings): Promise<ModelConfig> {
  const { logo, capabilities, tokenizer, ...rest } = entry;
  const isData = logo?.startsWith('data:') === true;
  return withPlace(
    {
      ...rest,
      origin: 'listed',
      ...(logo !== undefined && { logo: await readLogo(isData ? logo : resolve(baseDir, logo)) }),
      ...(capabilities && { capabilities: capabilitiesOf(capabilities) }),
      ...(tokenizer !== undefined && { tokenizer: resolve(baseDir, tokenizer) }),
    },
    local,
  );
}

/** What nearly all servers take. GIF is refused by some. */
const usualImages: ImageLimits = {
  maxCount: 8,
  maxBytes: 5 * 1024 * 1024,
  maxPixels: 2048,
  mimeTypes: ['image/jpeg', 'image/png', 'image/webp'],
};

function capabilitiesOf({ images, ...others }: NonNullable<ModelEntry['capabilities']>): ModelCapabilities {
  const known = { ...others, ...(images && { images: { ...usualImages, ...images } }) };
  // zod writes what is absent as optional; the types here know no `undefined`.
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Settings of all local models under those of this one, and what it does, which decides what runs it. */
export async function withPlace(config: ModelConfig, local: LocalSettings): Promise<ModelConfig> {
  const { backend } = config;
  if (backend?.type !== 'local') return config;
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
