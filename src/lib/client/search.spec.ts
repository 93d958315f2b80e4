import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchHit } from '../domain/search-hit';
import type { Api, SearchAnswer } from './api';
import { Search } from './search.svelte';

const hit = (conversationId: string): SearchHit => ({
  conversationId,
  title: [],
  updatedAt: new Date(0),
  message: null,
});

interface Asked {
  q: string;
  before: string | null;
  signal: AbortSignal;
  answer: (answer: SearchAnswer) => void;
  fail: (fault: Error) => void;
}

function searchOver() {
  const asked: Asked[] = [];
  const ask: Api['search'] = (q, _, before, signal) =>
    new Promise((answer, fail) => asked.push({ q, before, signal, answer, fail }));
  return { asked, search: new Search({ search: ask }, 2) };
}

const settle = () => vi.advanceTimersByTimeAsync(1000);
const found = (search: Search) => search.hits.map(({ conversationId }) => conversationId);

describe('a search', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks once the typing pauses, and not for what has no words', async () => {
    const { asked, search } = searchOver();
    for (const typed of ['c', 'ca', 'cap']) search.type(typed);
    expect(search.isSearching).toBe(true);
    await settle();
    expect(asked.map(({ q }) => q)).toEqual(['cap']);
    search.type(' ?');
    expect([search.isActive, search.isSearching]).toEqual([false, false]);
    await settle();
    expect(asked).toHaveLength(1);
  });

  it('drops the answer to what no longer stands there', async () => {
    const { asked, search } = searchOver();
    search.type('old');
    await settle();
    search.type('new');
    await settle();
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[1]?.answer({ hits: [hit('new')], next: null });
    asked[0]?.answer({ hits: [hit('old')], next: 'old' });
    await settle();
    expect([found(search), search.next, search.isSearching]).toEqual([['new'], null, false]);
  });

  it('shows nothing late after it was cleared', async () => {
    const { asked, search } = searchOver();
    search.type('old');
    await settle();
    search.type('');
    asked[0]?.fail(new Error('aborted'));
    await settle();
    expect([found(search), search.error, search.isSearching]).toEqual([[], null, false]);
  });

  it('adds further pages, and keeps what it has when one fails', async () => {
    const { asked, search } = searchOver();
    search.type('a');
    await settle();
    await search.loadMore();
    asked[0]?.answer({ hits: [hit('1'), hit('2')], next: 'two' });
    await settle();
    void search.loadMore();
    void search.loadMore();
    expect(asked.map(({ before }) => before)).toEqual([null, 'two']);
    asked[1]?.answer({ hits: [hit('3')], next: 'three' });
    await settle();
    expect(found(search)).toEqual(['1', '2', '3']);
    void search.loadMore();
    asked[2]?.fail(new Error('lost'));
    await settle();
    expect(found(search)).toEqual(['1', '2', '3']);
    expect([search.error, search.next]).toEqual([expect.stringContaining('cannot be reached'), null]);
  });
});
