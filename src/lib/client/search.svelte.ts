import type { SearchHit } from '../domain/search-hit';
import { parseSearch } from '../domain/search-terms';
import type { Api } from './api';
import { thrownWords } from './error-words';

/** A word that is still being typed is not looked for; nor is every letter of a quick typist. */
const debounceMs = 150;

/** A search as a person types it. Only the answer to what stands there now is shown. */
export class Search {
  typed = $state.raw('');
  hits = $state.raw<readonly SearchHit[]>([]);
  /** Whether an answer is awaited. */
  isSearching = $state.raw(false);
  error = $state.raw<string | null>(null);
  next = $state.raw<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private controller = new AbortController();

  constructor(
    private readonly api: Pick<Api, 'search'>,
    private readonly limit: number,
  ) {}

  /** Something is looked for: there are words in what was typed. */
  get isActive(): boolean {
    return parseSearch(this.typed).length > 0;
  }

  type(typed: string): void {
    this.typed = typed;
    clearTimeout(this.timer);
    this.controller.abort();
    this.error = null;
    this.isSearching = this.isActive;
    // Former hits stay in view until the new ones are there.
    if (this.isActive) this.timer = setTimeout(() => void this.ask(null), debounceMs);
    else this.show([], null);
  }

  async loadMore(): Promise<void> {
    if (this.next !== null && !this.isSearching) await this.ask(this.next);
  }

  private async ask(before: string | null): Promise<void> {
    const controller = new AbortController();
    this.controller = controller;
    this.isSearching = true;
    try {
      const { hits, next } = await this.api.search(this.typed, this.limit, before, controller.signal);
      if (controller.signal.aborted) return;
      this.show(before === null ? hits : [...this.hits, ...hits], next);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      this.error = thrownWords(thrown);
      this.show(before === null ? [] : this.hits, null);
    }
    this.isSearching = false;
  }

  private show(hits: readonly SearchHit[], next: string | null): void {
    this.hits = hits;
    this.next = next;
  }
}
