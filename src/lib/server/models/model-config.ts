import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors';
import { parametersSchema } from '../../domain/parameter-schema';
import { backendConfigSchema } from '../backends/index';
import { findModelFolders } from '../backends/local/find-folders';
import { readFolderConfig, type ModelTask } from '../backends/local/folder-config';
import type { LocalSettings } from '../config/env';

/** One entry of `MODELS`. What is absent comes from the model's own files, where it has some. */
const modelConfigSchema = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(200).optional(),
  description: z.string().max(1000).optional(),
  backend: backendConfigSchema,
  /** Tokens of prompt and answer together. */
  contextLength: z.int().min(64).max(10_000_000).optional(),
  /** Over the model's own defaults. */
  parameters: parametersSchema.optional(),
  /** Of conversations that set none. Empty is not the same as absent: some templates add one of their own then. */
  systemPrompt: z.string().max(100_000).optional(),
  /** Jinja, instead of the model's own. */
  chatTemplate: z.string().min(1).optional(),
});

export type ModelConfig = z.infer<typeof modelConfigSchema> & { isBundled?: boolean };

export const bundledModelId = 'HuggingFaceTB/SmolLM2-135M-Instruct';
export const dateNormaliserId = 'parlance/date-normaliser';

export interface ModelSettings {
  /** `MODELS`, parsed as JSON; absent: those that are found. */
  models: unknown[] | undefined;
  local: LocalSettings;
}

/** The checked models of this server, listed and found. Throws `config-invalid` with every fault, one a line. */
export async function readModelConfigs({ models, local }: ModelSettings): Promise<ModelConfig[]> {
  const listed = models
    ? await Promise.all(checkListed(models).map((config) => withPlace(config, local)))
    : [];
  if (!local.offersFound) return listed;
  const found = await findModels(local);
  const paths = new Set(listed.map(({ backend }) => (backend.type === 'local' ? backend.path : '')));
  const ids = new Set(listed.map(({ id }) => id));
  const others = found.filter(
    ({ id, backend }) => !ids.has(id) && backend.type === 'local' && !paths.has(backend.path),
  );
  const all = [...listed, ...others];
  // The page then says that it is missing, and what to do.
  return all.length > 0 ? all : [await describeFound(bundledModelId, local)];
}

function checkListed(models: unknown[]): ModelConfig[] {
  const faults: string[] = [];
  const configs: ModelConfig[] = [];
  for (const [index, entry] of models.entries()) {
    const parsed = modelConfigSchema.safeParse(entry);
    if (parsed.success) configs.push(parsed.data);
    else faults.push(...parsed.error.issues.map((issue) => describeIssue(index, issue)));
  }
  const ids = configs.map(({ id }) => id);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  faults.push(...repeated.map((id) => `MODELS: two models have the id "${id}".`));
  if (models.length === 0)
    faults.push('MODELS: the list is empty. Leave it unset for the models in LOCAL_MODELS_DIR.');
  if (faults.length > 0) throw new AppError('config-invalid', faults.join('\n'));
  return configs;
}

function describeIssue(index: number, { path, message }: { path: PropertyKey[]; message: string }): string {
  return `MODELS: ${[index, ...path].join('.')}: ${message}`;
}

/** Those that come with Parlance come first. */
async function findModels(local: LocalSettings): Promise<ModelConfig[]> {
  const ids = await findModelFolders(local.modelsDir);
  const own = Object.keys(bundled).filter((id) => ids.includes(id));
  const others = ids.filter((id) => !own.includes(id));
  return Promise.all([...own, ...others].map((id) => describeFound(id, local)));
}

function describeFound(id: string, local: LocalSettings): Promise<ModelConfig> {
  return withPlace({ id, backend: { type: 'local', path: id }, ...bundled[id] }, local);
}

/** What the folders of the bundled models do not say. */
const bundled: Record<string, Partial<ModelConfig>> = {
  [bundledModelId]: {
    name: 'SmolLM2 135M',
    description: 'A small model that comes with Parlance and runs on this server.',
    // Measured in its README: it answers best with an empty system message.
    systemPrompt: '',
    isBundled: true,
  },
  [dateNormaliserId]: {
    name: 'Date normaliser',
    description: 'Writes a date or time in English as ISO 8601: "3rd of March, 2024" becomes 2024-03-03.',
  },
};

/** Settings of all local models under those of this one, and what it does, which decides what runs it. */
async function withPlace(config: ModelConfig, local: LocalSettings): Promise<ModelConfig> {
  const { backend } = config;
  if (backend.type !== 'local') return config;
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
