import type { FromEngine } from './protocol';

/** How often an engine says that it is alive; a loop that is blocked says nothing. */
export const heartbeatMs = 2_000;

/** Lets the server know that this process still runs its loop, also while it has nothing else to say. */
export function startHeartbeat(say: (message: FromEngine) => void): void {
  setInterval(() => say({ type: 'alive' }), heartbeatMs).unref();
}
