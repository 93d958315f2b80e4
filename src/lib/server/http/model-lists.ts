import type { ModelSummary } from '../../domain/model-summary';
import { lineOf } from '../../domain/model-stand-in';

/** The models that everybody may know of. Those that are replaced are among them: their conversations name them. */
export function listedModels(models: readonly ModelSummary[]): ModelSummary[] {
  return models.filter(({ isUnlisted }) => !isUnlisted);
}

/** The models with these ids and those that replaced them, each once, as far as they are among `models`. */
export function modelsNamed(models: readonly ModelSummary[], ids: readonly string[]): ModelSummary[] {
  const get = (id: string) => models.find((model) => model.id === id);
  return [...new Set(ids.flatMap((id) => lineOf(id, get)))];
}
