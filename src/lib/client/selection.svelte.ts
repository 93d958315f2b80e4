import { SvelteSet } from 'svelte/reactivity';
import type { ConversationSummary } from '../domain/conversation';

/** Which conversations of the list are chosen, while several are being chosen. */
export class Selection {
  isActive = $state(false);
  private readonly ids = new SvelteSet<string>();
  /** Where a range begins, and where the focus is given back to. */
  private anchor: string | undefined;

  constructor(private readonly list: () => readonly ConversationSummary[]) {}

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Those that are chosen, in the order of the list. */
  chosen(): ConversationSummary[] {
    return this.list().filter(({ id }) => this.ids.has(id));
  }

  /** Whether it was chosen last: what is drawn anew for it takes the focus on. */
  isLast(id: string): boolean {
    return this.anchor === id;
  }

  /** Begins with one of them, or with none. */
  open(id?: string): void {
    this.close();
    this.anchor = undefined;
    this.isActive = true;
    if (id !== undefined) this.toggle(id);
  }

  close(): void {
    this.isActive = false;
    this.ids.clear();
  }

  /** Chooses it or not any more; what is between it and the one before becomes as it is, when `isRange`. */
  toggle(id: string, isRange = false): void {
    const isChosen = !this.ids.has(id);
    const between = isRange && this.anchor !== undefined ? this.range(this.anchor, id) : [id];
    for (const each of between) {
      if (isChosen) this.ids.add(each);
      else this.ids.delete(each);
    }
    this.anchor = id;
  }

  /** All that are loaded; none, when they all are chosen already. */
  toggleAll(): void {
    const all = this.list();
    const hasAll = all.every(({ id }) => this.ids.has(id));
    for (const { id } of all) {
      if (hasAll) this.ids.delete(id);
      else this.ids.add(id);
    }
  }

  /** It is no longer in the list. */
  drop(id: string): void {
    this.ids.delete(id);
    if (this.anchor === id) this.anchor = undefined;
  }

  private range(from: string, to: string): string[] {
    const ids = this.list().map(({ id }) => id);
    const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
    if (a === -1 || b === -1) return [to];
    return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
  }
}
