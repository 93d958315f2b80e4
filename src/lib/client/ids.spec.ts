import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { newId } from './ids';

afterEach(() => void vi.unstubAllGlobals());

describe('newId', () => {
  it.each(['with', 'without'])('is a UUID of version 4, each time another, %s crypto.randomUUID', (way) => {
    const { crypto } = globalThis;
    // What a browser has over plain http in a local network.
    const insecure = { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) };
    if (way === 'without') vi.stubGlobal('crypto', insecure);
    const ids = Array.from({ length: 500 }, newId);
    for (const id of ids) expect(z.uuidv4().safeParse(id).success, id).toBe(true);
    expect(new Set(ids).size).toBe(500);
  });

  it('keeps every random bit that a UUID has room for', () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(0xff) });
    expect(newId()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(0) });
    expect(newId()).toBe('00000000-0000-4000-8000-000000000000');
  });
});
