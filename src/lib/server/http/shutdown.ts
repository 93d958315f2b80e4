import type { Server } from 'node:http';
import type { Logger } from 'pino';

export interface ShutdownOptions {
  server: Server;
  /** Ends runs and streams, then closes the rooms. */
  closeApp: () => Promise<void>;
  log: Logger;
  exit: (code: number) => void;
  /** All of it, in milliseconds; what is left then is cut off. */
  limitMs?: number;
}

/**
 * Returns the handler of signals. The first ends everything in order and exits with `code` (0 unless given), or with 1
 * when it takes too long or fails; the second exits at once.
 */
export function shutdownOf(options: ShutdownOptions): (reason: string, code?: number) => void {
  const { server, closeApp, log, exit, limitMs = 8_000 } = options;
  let hasBegun = false;
  return (reason, code = 0) => {
    if (hasBegun) return exit(1);
    hasBegun = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => {
      log.error({ limitMs }, 'stopping took too long; what was left is cut off');
      exit(1);
    }, limitMs).unref();
    Promise.all([closeServer(server), closeApp()])
      .then(() => exit(code))
      .catch((thrown: unknown) => {
        log.error({ err: thrown }, 'stopping failed');
        exit(1);
      });
  };
}

/** Takes no more connections and waits for the responses under way. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Connections that were busy with a response become idle, and would be kept for the next request.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
