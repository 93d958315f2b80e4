import type { ParameterLimit } from '../../domain/model-summary';
import { limitValue } from '../../domain/parameter-limits';
import type { Descriptor } from '../../domain/parameter-types';

/** What may be set of a parameter within what the operator allows of it. Its slider ends at `sliderMax` at the latest. */
export function narrowed(
  descriptor: Descriptor,
  { min, max }: ParameterLimit,
  sliderMax?: number,
): Descriptor {
  const [low, high] = [greatest(descriptor.min, min), least(descriptor.max, max)];
  const { usual } = descriptor;
  return {
    ...descriptor,
    ...(low !== undefined && { min: low }),
    ...(high !== undefined && { max: high }),
    ...(usual && {
      usual: {
        ...usual,
        min: greatest(usual.min, low) ?? usual.min,
        max: least(usual.max, least(high, sliderMax)) ?? usual.max,
      },
    }),
  };
}

/** What counts of a value under the operator's limit, and what to say when that is another; `own` is the model's. */
export function underLimit<T>(
  value: T | undefined,
  { own, limit, modelName }: { own: T | undefined; limit: ParameterLimit; modelName: string },
): { value: T | number | undefined; note?: string } {
  const counts = limitValue(value, own, limit);
  if (limit.isFixed) return { value: counts };
  return counts === value
    ? { value }
    : { value, note: `${modelName} allows ${limitWords(limit)}: ${String(counts)} counts.` };
}

/** What the operator allows, in a few words. */
export function limitWords({ min, max, isFixed }: ParameterLimit): string {
  if (isFixed) return 'Fixed';
  const [from, to] = [min, max].map((end) => end?.toLocaleString('en'));
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  if (from !== undefined) return `${from} or more`;
  return to === undefined ? '' : `up to ${to}`;
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
