import type { KeyValueCache } from './decoder';

/** One cached sequence: what the model has read and written of a conversation. */
export interface Slot {
  cache: KeyValueCache;
  /** The tokens whose keys and values the cache holds, from its beginning. */
  tokens: number[];
  /** Whose they are; a beginning is never shared with another scope. */
  scope: string | undefined;
}

/** A few cached sequences, so that turn N of a conversation reads only what is new. The least used makes room. */
export class CacheSlots {
  /** Least recently used first. */
  private readonly slots: Slot[] = [];

  constructor(
    private readonly size: number,
    private readonly createCache: () => KeyValueCache,
  ) {}

  /**
   * The slot for a prompt and how many of its tokens need not be read again. At least the last one is always read,
   * since its logits are what comes next. Without a scope nothing is reused.
   */
  take(prompt: readonly number[], scope: string | undefined): { slot: Slot; reused: number } {
    let best: Slot | undefined;
    let reused = 0;
    for (const slot of this.slots) {
      if (scope === undefined || slot.scope !== scope) continue;
      const shared = Math.min(sharedLength(slot.tokens, prompt), prompt.length - 1);
      if (shared > reused) [best, reused] = [slot, shared];
    }
    const slot = best ?? this.makeRoom(scope);
    this.moveToEnd(slot);
    slot.tokens.length = reused;
    slot.scope = scope;
    return { slot, reused };
  }

  /** One that helps nobody any more, a new one, or the least recently used. */
  private makeRoom(scope: string | undefined): Slot {
    // A slot of its own scope would be outdated now, and one without a scope is never used again as it is.
    const useless =
      (scope === undefined ? undefined : this.slots.find((slot) => slot.scope === scope)) ??
      this.slots.find((slot) => slot.scope === undefined);
    if (useless) return useless;
    const oldest = this.slots[0];
    if (oldest && this.slots.length >= this.size) return oldest;
    const slot: Slot = { cache: this.createCache(), tokens: [], scope };
    this.slots.push(slot);
    return slot;
  }

  private moveToEnd(slot: Slot): void {
    this.slots.splice(this.slots.indexOf(slot), 1);
    this.slots.push(slot);
  }
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}
