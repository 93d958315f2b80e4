import { median } from '../statistics';

export type Unit = 'ms' | 'tokens/s' | 'MB';

/** What was measured, in the order of its first figure: several of each peer, of which the median counts. */
export class Results {
  private readonly rows = new Map<string, { unit: Unit; figures: Map<string, number[]> }>();

  add(name: string, unit: Unit, peer: string, figure: number): void {
    const row = this.rows.get(name) ?? { unit, figures: new Map<string, number[]>() };
    this.rows.set(name, row);
    row.figures.set(peer, [...(row.figures.get(peer) ?? []), figure]);
    // Whoever waits sees it go on, and sees the spread.
    console.error(`${name}: ${peer} ${figure.toFixed(1)} ${unit}`);
  }

  /** The median of a peer's figures; NaN where there are none. */
  of(name: string, peer: string): number {
    return median(this.rows.get(name)?.figures.get(peer) ?? []);
  }

  /**
   * How many times as fast as `base` a peer is: the median over the rounds, in each of which the machine was the same for both.
   * NaN where either has no figures.
   */
  timesAsFast(name: string, peer: string, base: string): number {
    const row = this.rows.get(name);
    const [figures = [], bases = []] = [row?.figures.get(peer), row?.figures.get(base)];
    const ratios = figures.map((figure, round) => figure / (bases[round] ?? NaN));
    return median(row?.unit === 'ms' ? ratios.map((ratio) => 1 / ratio) : ratios);
  }

  list(): { name: string; unit: Unit }[] {
    return [...this.rows].map(([name, { unit }]) => ({ name, unit }));
  }
}
