import type { Page } from 'playwright-core';

/** Tasks of the main thread over 50 ms, as the browser reports them. */
export interface TaskWatch {
  /** The longest since this was last asked, in milliseconds; 0 when none was long. */
  longest(): Promise<number>;
}

/** Watches from the first script of the next document on. */
export async function watchTasks(page: Page): Promise<TaskWatch> {
  await page.addInitScript(() => {
    const state = { longestTaskMs: 0 };
    Object.assign(globalThis, { watched: state });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        state.longestTaskMs = Math.max(state.longestTaskMs, duration);
    }).observe({ type: 'longtask', buffered: true });
  });
  return {
    longest: async () => {
      // A task is reported after it has ended.
      await page.waitForTimeout(300);
      return page.evaluate(() => {
        const { watched } = globalThis as unknown as { watched: { longestTaskMs: number } };
        const longest = Math.round(watched.longestTaskMs);
        watched.longestTaskMs = 0;
        return longest;
      });
    },
  };
}

/** Memory of the page's scripts in MB, after garbage collection. */
export async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_000_000;
}
