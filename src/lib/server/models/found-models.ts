import { isLocal } from '../backends/local/config';
import { findModelFolders } from '../backends/local/find-folders';
import type { LocalSettings } from '../config/env';
import { withPlace, type ModelConfig } from './model-config';

export const bundledModelId = 'HuggingFaceTB/SmolLM2-135M-Instruct';
export const dateNormaliserId = 'parlance/date-normaliser';

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

/** The models in the folder of local models that are not listed. Those that come with Parlance come first. */
export async function findModels(
  local: LocalSettings,
  listed: readonly ModelConfig[],
): Promise<ModelConfig[]> {
  const ids = await findModelFolders(local.modelsDir);
  const own = Object.keys(bundled).filter((id) => ids.includes(id));
  const others = ids.filter((id) => !own.includes(id));
  const found = await Promise.all([...own, ...others].map((id) => describe(id, local)));
  const pathOf = ({ backend }: ModelConfig) => (isLocal(backend) ? backend.path : undefined);
  const listedPaths = new Set(listed.map(pathOf));
  const listedIds = new Set(listed.map(({ id }) => id));
  return found.filter((model) => !listedIds.has(model.id) && !listedPaths.has(pathOf(model)));
}

/** The bundled model also where it is missing: the page then says so, and what to do. */
export function bundledModel(local: LocalSettings): Promise<ModelConfig> {
  return describe(bundledModelId, local);
}

function describe(id: string, local: LocalSettings): Promise<ModelConfig> {
  return withPlace({ id, origin: 'local', backend: { type: 'local', path: id }, ...bundled[id] }, local);
}
