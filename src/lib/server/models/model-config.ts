import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors';
import { parametersSchema } from '../../domain/parameter-schema';
import { backendConfigSchema } from '../backends/index';

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

export interface ModelSettings {
  /** `MODELS`, parsed as JSON; absent: the bundled model. */
  models: unknown[] | undefined;
  /** Where relative paths of local models begin. */
  modelsDir: string;
  engineThreads: number | undefined;
}

/** The checked models of this server. Throws `config-invalid` with every fault, one a line. */
export function readModelConfigs({ models, modelsDir, engineThreads }: ModelSettings): ModelConfig[] {
  if (!models) return [bundled(modelsDir, engineThreads)];
  const faults: string[] = [];
  const configs: ModelConfig[] = [];
  for (const [index, entry] of models.entries()) {
    const parsed = modelConfigSchema.safeParse(entry);
    if (parsed.success) configs.push(withPlace(parsed.data, modelsDir, engineThreads));
    else faults.push(...parsed.error.issues.map((issue) => describeIssue(index, issue)));
  }
  const ids = configs.map(({ id }) => id);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  faults.push(...repeated.map((id) => `MODELS: two models have the id "${id}".`));
  if (models.length === 0) faults.push('MODELS: the list is empty. Leave it unset for the bundled model.');
  if (faults.length > 0) throw new AppError('config-invalid', faults.join('\n'));
  return configs;
}

function describeIssue(index: number, { path, message }: { path: PropertyKey[]; message: string }): string {
  return `MODELS: ${[index, ...path].join('.')}: ${message}`;
}

/** Measured in its README: this model answers best with an empty system message. */
function bundled(modelsDir: string, threads: number | undefined): ModelConfig {
  return {
    id: bundledModelId,
    name: 'SmolLM2 135M',
    description: 'A small model that comes with Parlance and runs on this server.',
    backend: { type: 'local', path: join(modelsDir, bundledModelId), ...(threads && { threads }) },
    systemPrompt: '',
    isBundled: true,
  };
}

function withPlace(config: ModelConfig, modelsDir: string, threads: number | undefined): ModelConfig {
  const { backend } = config;
  if (backend.type !== 'local') return config;
  const path = isAbsolute(backend.path) ? backend.path : join(modelsDir, backend.path);
  return { ...config, backend: { ...(threads && { threads }), ...backend, path } };
}
