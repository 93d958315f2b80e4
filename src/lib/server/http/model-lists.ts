import { AppError } from '../../domain/errors';
import type { ModelSummary } from '../../domain/model-summary';
import { lineOf } from '../../domain/model-stand-in';

/** What pages need of the registry. */
interface Registry {
  list(): ModelSummary[];
  get(id: string): { summary(): ModelSummary };
}

/** The models that everybody may know of. Those that are replaced are among them: their conversations name them. */
export function listedModels(models: Pick<Registry, 'list'>): ModelSummary[] {
  return models.list().filter(({ isUnlisted }) => !isUnlisted);
}

/** The models with these ids and those that replaced them, each once, as far as this server has them. */
export function modelsNamed(models: Pick<Registry, 'get'>, ids: readonly string[]): ModelSummary[] {
  const get = (id: string) => summaryOf(models, id);
  const named = ids.flatMap((id) => lineOf(id, get));
  return [...new Map(named.map((model) => [model.id, model])).values()];
}

/** `undefined` when this server has no such model. */
export function summaryOf(models: Pick<Registry, 'get'>, id: string): ModelSummary | undefined {
  try {
    return models.get(id).summary();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}
