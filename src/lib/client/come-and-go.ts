import type { Workspace } from './workspace.svelte';

const checkEveryMs = 5000;

/**
 * Keeps the page's stream through all that happens to a page: hidden and shown, the network gone and back, a laptop that
 * slept, the back and forward cache. Returns the function that ends it.
 */
export function comeAndGo(
  workspace: Pick<Workspace, 'live' | 'finished' | 'queues' | 'noteRead'>,
): () => void {
  const { live, finished, queues } = workspace;
  const end = new AbortController();
  const { signal } = end;
  const onVisibility = () => {
    live.onVisibility(!document.hidden);
    if (document.hidden) return;
    finished.onVisible();
    workspace.noteRead();
  };
  document.addEventListener('visibilitychange', onVisibility, { signal });
  addEventListener('online', () => live.retryNow(), { signal });
  // Of another tab.
  addEventListener('storage', () => queues.sync(), { signal });
  // A page with an open stream is not kept for "back"; one that was kept shows what it missed.
  addEventListener('pagehide', () => live.close(), { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && live.check(), { signal });
  // The clocks of a hidden page are slow, so silence means nothing there.
  const timer = setInterval(() => !document.hidden && live.check(), checkEveryMs);
  return () => {
    end.abort();
    clearInterval(timer);
    live.close();
  };
}
