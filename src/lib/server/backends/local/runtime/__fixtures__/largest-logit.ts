/** Greedy decoding's choice: the first of the largest. */
export function largest(logits: Float32Array | undefined): number {
  return logits?.reduce((best, value, index) => (value > (logits[best] ?? NaN) ? index : best), 0) ?? -1;
}
