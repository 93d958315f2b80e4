import { afterEach, describe, expect, it, vi } from 'vitest';
import { keep, readKept } from './browser-storage';

afterEach(() => void vi.unstubAllGlobals());

function kept(): Map<string, string> {
  const map = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => map.set(key, value),
    removeItem: (key: string) => map.delete(key),
  });
  return map;
}

describe('what the browser keeps', () => {
  it('is read again, and forgotten when it becomes empty', () => {
    const map = kept();
    expect(readKept('key')).toBeNull();
    expect(keep('key', 'text')).toBe(true);
    expect(readKept('key')).toBe('text');
    expect(keep('key', '')).toBe(true);
    expect(readKept('key')).toBeNull();
    expect(map.size).toBe(0);
  });

  it.each([
    ['refuses each access', () => void vi.stubGlobal('localStorage', refusing())],
    ['has no storage at all', () => void vi.stubGlobal('localStorage', undefined)],
  ])('is nothing in a browser that %s, and nothing breaks', (_, stub) => {
    stub();
    expect(readKept('key')).toBeNull();
    expect(keep('key', 'text')).toBe(false);
    expect(keep('key', '')).toBe(false);
  });
});

/** As a browser with storage turned off, or full. */
function refusing(): object {
  return new Proxy(
    {},
    {
      get() {
        throw new Error('QuotaExceededError');
      },
    },
  );
}
