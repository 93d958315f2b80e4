import type { App } from './app';
import type { Access } from './auth/entrance';
import type { Env } from './config/env';

/** What runs in this process. */
export interface Running {
  readonly app: App;
  readonly env: Env;
  readonly access: Access;
}

/**
 * Kit's bundle makes the app and `main.ts`, a bundle of its own, serves and ends it: they share no module, only the
 * process.
 */
const place = Symbol.for('parlance.app');
const shared = globalThis as { [place]?: Running | undefined };

/** Makes what runs known; what ran before (a reload under `vite dev`) must have been ended with `endFormer`. */
export function announce(running: Running): void {
  shared[place] = running;
}

/** What runs in this process. It is there once Kit's `init` is over. */
export function current(): Running {
  const running = shared[place];
  if (!running) throw new Error('The app has not been started in this process.');
  return running;
}

/** Ends what a former `init` of this process made: two apps cannot have one database. */
export async function endFormer(): Promise<void> {
  const former = shared[place];
  shared[place] = undefined;
  await former?.app.close();
}
