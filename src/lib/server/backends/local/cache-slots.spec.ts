import { describe, expect, it } from 'vitest';
import { CacheSlots } from './cache-slots';
import type { KeyValueCache } from './decoder';

function slotsOf(size: number) {
  let made = 0;
  const slots = new CacheSlots(size, () => ({ made: (made += 1) }) as unknown as KeyValueCache);
  /** As a run does: take, then read what is new. Returns how many tokens were reused. */
  const read = (tokens: number[], scope?: string): number => {
    const { slot, reused } = slots.take(tokens, scope);
    expect(slot.tokens).toEqual(tokens.slice(0, reused));
    slot.tokens.push(...tokens.slice(reused));
    return reused;
  };
  return { read, made: () => made };
}

describe('CacheSlots', () => {
  it('reuses the longest common beginning within a scope', () => {
    const { read, made } = slotsOf(4);
    expect(read([1, 2, 3], 'a')).toBe(0);
    expect(read([1, 2, 3, 4, 5], 'a')).toBe(3);
    expect(read([1, 2, 9, 9, 9, 9], 'a')).toBe(2);
    expect(made()).toBe(1);
  });

  it('always leaves the last token to be read', () => {
    const { read } = slotsOf(4);
    read([1, 2, 3], 'a');
    expect(read([1, 2, 3], 'a')).toBe(2);
    expect(read([1], 'a')).toBe(0);
  });

  it('never shares between scopes, nor without one', () => {
    const { read } = slotsOf(4);
    read([1, 2, 3, 4], 'a');
    expect(read([1, 2, 3, 4], 'b')).toBe(0);
    expect(read([1, 2, 3, 4])).toBe(0);
    expect(read([1, 2, 3, 4])).toBe(0);
    expect(read([1, 2, 3, 4], 'a')).toBe(3);
  });

  it('gives up the least recently used one', () => {
    const { read, made } = slotsOf(2);
    read([1, 2], 'a');
    read([1, 2], 'b');
    read([1, 2, 3], 'a');
    read([1, 2], 'c');
    expect(read([1, 2, 3, 4], 'a')).toBe(3);
    expect(read([1, 2, 3], 'b')).toBe(0);
    expect(made()).toBe(2);
  });

  it('keeps what conversations have read while requests without a scope pass through', () => {
    const { read, made } = slotsOf(3);
    read([0]);
    read([1, 2, 3], 'a');
    read([1, 2, 3], 'b');
    for (let round = 0; round < 5; round += 1) read([7, 8, 9, round]);
    expect(read([1, 2, 3, 4], 'a')).toBe(3);
    expect(read([1, 2, 3, 4], 'b')).toBe(3);
    expect(made()).toBe(3);
  });
});
