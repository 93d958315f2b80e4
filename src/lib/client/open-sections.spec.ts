import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isKeptOpen, keepOpen } from './open-sections';

let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe('sections of the settings', () => {
  it('are remembered one by one, and nothing is left when all are closed', () => {
    expect(isKeptOpen('beams')).toBe(false);
    keepOpen('beams', true);
    keepOpen('beams', true);
    keepOpen('output', true);
    expect([isKeptOpen('beams'), isKeptOpen('output'), isKeptOpen('length')]).toEqual([true, true, false]);
    keepOpen('beams', false);
    expect([isKeptOpen('beams'), isKeptOpen('output')]).toEqual([false, true]);
    keepOpen('output', false);
    expect(kept.size).toBe(0);
  });
});
