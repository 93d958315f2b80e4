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

  list(): { name: string; unit: Unit }[] {
    return [...this.rows].map(([name, { unit }]) => ({ name, unit }));
  }
}
