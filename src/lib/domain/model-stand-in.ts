import type { ModelSummary } from './model-summary';

/** The model that answers for this one: itself, or the last in the line of those that replaced it; `undefined`: none. */
export function standInFor(
  id: string,
  get: (id: string) => ModelSummary | undefined,
): ModelSummary | undefined {
  const [last] = lineOf(id, get).slice(-1);
  return last?.replacedBy === undefined ? last : undefined;
}

/** The model and those that replaced it, one after the other, as far as they are known. Two that replace each other end it. */
export function lineOf(id: string, get: (id: string) => ModelSummary | undefined): ModelSummary[] {
  const line: ModelSummary[] = [];
  let next: string | undefined = id;
  while (next !== undefined && line.every((model) => model.id !== next)) {
    const model = get(next);
    if (!model) break;
    line.push(model);
    next = model.replacedBy;
  }
  return line;
}
