/** The value below which this share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** `median (p95)` with a unit. */
export function spread(numbers: readonly number[], unit: string): string {
  return `${median(numbers).toFixed(0)} ${unit} (p95 ${quantile(numbers, 0.95).toFixed(0)})`;
}
