import type { Account } from '../domain/account';

/**
 * Loads this page again when another tab of this browser has become somebody else's, since then everything here is of
 * whoever was there before. Returns the function that ends it.
 */
export function staySamePerson({ isAdmin }: Account): () => void {
  const channel = new BroadcastChannel('parlance-person');
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === !isAdmin) location.reload();
  };
  channel.postMessage(isAdmin);
  return () => channel.close();
}
