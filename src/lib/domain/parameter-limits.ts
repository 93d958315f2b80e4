import type { ParameterLimit } from './model-summary';
import { parameterNames, type GenerationParameters, type ParameterName } from './parameters';

export type ParameterLimits = Partial<Record<ParameterName, ParameterLimit>>;

/**
 * What counts of `parameters` under the operator's limits: numbers are brought within them, and what is fixed is as `own`
 * (the model's) has it, or absent.
 */
export function limitParameters(
  parameters: GenerationParameters,
  own: GenerationParameters,
  limits: ParameterLimits,
): GenerationParameters {
  const limited = parameterNames.map((name) => [name, limitValue(parameters[name], own[name], limits[name])]);
  return Object.fromEntries(limited.filter(([, value]) => value !== undefined));
}

/** What counts of one value: `own`, the model's, where it is fixed; a number within the limits either way. */
export function limitValue<T>(value: T, own: T, limit: ParameterLimit | undefined): T | number {
  if (!limit) return value;
  const { min = -Infinity, max = Infinity, isFixed } = limit;
  const counts = isFixed ? own : value;
  return typeof counts === 'number' ? Math.min(max, Math.max(min, counts)) : counts;
}
