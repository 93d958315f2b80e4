/** Which finished blocks have something in brackets that a later definition may turn into a link. */
export class ReferenceIndex {
  private readonly sources = new Map<number, string>();
  private readonly places = new Map<string, Set<number>>();

  /** Remembers the source of block `index` when it has brackets. */
  add(index: number, raw: string): void {
    if (!raw.includes('[')) return;
    for (const [, label = ''] of raw.matchAll(/\[([^[\]]{1,200})\]/gu)) {
      const tag = normalized(label);
      const places = this.places.get(tag) ?? new Set();
      this.places.set(tag, places.add(index));
      this.sources.set(index, raw);
    }
  }

  /** The blocks, with their sources, that name this tag of a definition. */
  blocksWith(tag: string): [index: number, raw: string][] {
    return [...(this.places.get(normalized(tag)) ?? [])].map((index) => [
      index,
      this.sources.get(index) ?? '',
    ]);
  }
}

/** As labels are compared. */
function normalized(label: string): string {
  return label.toLowerCase().replace(/\s+/gu, ' ').trim();
}
