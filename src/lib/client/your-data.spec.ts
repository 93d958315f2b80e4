import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DataApi } from './data-api';
import { Undo } from './undo.svelte';
import { undoAllMs, YourData } from './your-data.svelte';

const deletedAt = new Date(5);

function dataOf() {
  const api = {
    deleteAll: vi.fn<DataApi['deleteAll']>().mockResolvedValue({ deleted: 1200, deletedAt }),
    restoreAll: vi.fn<DataApi['restoreAll']>().mockResolvedValue({ restored: 1200 }),
  };
  const list = { reload: vi.fn<() => Promise<void>>().mockResolvedValue(), error: null as string | null };
  const undo = new Undo();
  return { api, list, undo, data: new YourData(list, undo, api as unknown as DataApi) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the deletion of everything', () => {
  it('can be undone for a minute', async () => {
    const { api, list, undo, data } = dataOf();
    expect(await data.deleteAll()).toBe(true);
    expect([data.clearings, undo.offer?.text]).toEqual([1, 'Deleted 1,200 conversations']);
    vi.advanceTimersByTime(undoAllMs - 1);
    expect(await undo.take()).toBeUndefined();
    expect(api.restoreAll.mock.calls).toEqual([[deletedAt]]);
    expect(list.reload).toHaveBeenCalledTimes(2);
    expect([undo.offer, list.error]).toEqual([null, null]);
    await data.deleteAll();
    vi.advanceTimersByTime(undoAllMs);
    expect(undo.offer).toBeNull();
  });

  it('is offered to be undone again when that failed, and the reason is told', async () => {
    const { api, list, undo, data } = dataOf();
    await data.deleteAll();
    api.restoreAll.mockRejectedValueOnce(new Error('no'));
    await undo.take();
    expect(list.error).toContain('cannot be reached');
    expect(undo.offer?.text).toBe('Deleted 1,200 conversations');
    await undo.take();
    expect(api.restoreAll).toHaveBeenCalledTimes(2);
    expect(undo.offer).toBeNull();
  });

  it('did not happen when the server refused', async () => {
    const { api, undo, data } = dataOf();
    api.deleteAll.mockRejectedValueOnce(new Error('no'));
    expect(await data.deleteAll()).toBe(false);
    expect(data.error).toContain('cannot be reached');
    expect([data.clearings, undo.offer]).toEqual([0, null]);
  });
});
