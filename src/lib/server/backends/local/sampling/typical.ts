import type { SamplingMemory } from './sampling-memory';

/**
 * Locally typical sampling (Meister et al. 2022; `TypicalLogitsWarper` of Hugging Face Transformers): of the first
 * `count` tokens of the memory, keeps those whose surprise, the negative logarithm of their probability, lies closest to
 * the expected one, until they have the probability `share`; with the last of them all that lie equally close. Returns
 * how many are kept; they stay in their order.
 */
export function keepTypical(memory: SamplingMemory, count: number, share: number): number {
  const { tokens, weights } = memory;
  const { keys, order } = memory.ordering;
  let total = 0;
  for (let index = 0; index < count; index += 1) total += weights[index] ?? 0;
  let expected = 0;
  for (let index = 0; index < count; index += 1) {
    const probability = (weights[index] ?? 0) / total;
    const surprise = -Math.log(probability);
    if (probability > 0) expected += probability * surprise;
    keys[index] = surprise;
    order[index] = index;
  }
  for (let index = 0; index < count; index += 1) keys[index] = Math.abs((keys[index] ?? 0) - expected);
  const furthest = keyOfMass(keys, weights, order.subarray(0, count), share * total);
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    if ((keys[index] ?? 0) > furthest) continue;
    tokens[kept] = tokens[index] ?? 0;
    weights[kept] = weights[index] ?? 0;
    kept += 1;
  }
  return kept;
}

/**
 * The smallest key such that everything with at most this key weighs `mass` or more, found as in quickselect: the time
 * grows with the number of keys, where sorting 49,152 of them would take milliseconds. Changes `order`.
 */
function keyOfMass(keys: Float64Array, weights: Float64Array, order: Int32Array, mass: number): number {
  let [low, high, left] = [0, order.length, mass];
  for (;;) {
    const pivot = keys[order[(low + high) >> 1] ?? 0] ?? 0;
    let [below, above, at] = [low, high, low];
    let [lighter, equal] = [0, 0];
    while (at < above) {
      const item = order[at] ?? 0;
      const key = keys[item] ?? 0;
      if (key < pivot) {
        lighter += weights[item] ?? 0;
        order[at] = order[below] ?? 0;
        order[below] = item;
        below += 1;
        at += 1;
      } else if (key > pivot) {
        above -= 1;
        order[at] = order[above] ?? 0;
        order[above] = item;
      } else {
        equal += weights[item] ?? 0;
        at += 1;
      }
    }
    if (below > low && lighter >= left) high = below;
    else if (above === high || lighter + equal >= left) return pivot;
    else [low, left] = [above, left - lighter - equal];
  }
}
