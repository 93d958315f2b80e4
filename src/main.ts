import type { AddressInfo } from 'node:net';
import { toPublicError } from './lib/domain/errors';
import { processEnv } from './lib/server/config/env';
import { configureAdapter } from './lib/server/http/internal-headers';
import { createHttpServer, type Handler } from './lib/server/http/server';
import { shutdownOf } from './lib/server/http/shutdown';
import { startupMessage } from './lib/server/http/startup-message';
import { current } from './lib/server/lifecycle';

configureAdapter(processEnv());
// Beside this file once built. Importing it runs `init` of hooks.server.ts: configuration read, storage open, models loading.
const webHandler = './web/handler.js';
const { handler } = (await import(webHandler).catch(cannotStart)) as { handler: Handler };
const { app, env, access } = current();
const { log } = app;

const server = createHttpServer({ handler, env, log });
const stop = shutdownOf({ server, closeApp: () => app.close(), log, exit: (code) => process.exit(code) });

process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
// One forgotten promise belongs to one request: the answers of everybody else go on.
process.on('unhandledRejection', (reason) =>
  log.error({ err: reason }, 'a promise was rejected and nobody looked'),
);
// Thrown outside of any request: what it left half done is unknown, so everything is saved and the process ends.
process.on('uncaughtException', (thrown) => {
  log.fatal({ err: thrown }, 'something was thrown and nobody caught it');
  stop('uncaughtException', 1);
});

server.on('error', (fault: NodeJS.ErrnoException) => {
  if (server.listening) return log.error({ err: fault }, 'the server reported a fault');
  say(listenFault(fault));
  stop('cannot listen', 1);
});
server.listen(env.port, env.host, () => {
  const { port } = server.address() as AddressInfo;
  const { defaultId } = app.models;
  const model = app.models.list().find(({ id }) => id === defaultId)?.name ?? defaultId;
  process.stdout.write(startupMessage({ host: env.host, port, dataDir: env.dataDir, access, model }));
});

function listenFault({ code, message }: NodeJS.ErrnoException): string {
  const { host, port } = env;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use already. Stop what uses it, or choose another: PORT=${port + 1} npm start`;
  if (code === 'EACCES')
    return `This user may not listen on port ${port}. Choose one from 1024 up: PORT=3000 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST=${host} is not an address of this machine.`;
  return `The server cannot listen on ${host}:${port}: ${message}`;
}

function cannotStart(thrown: unknown): never {
  const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
  say(
    isMissing
      ? `Something is not installed or not built (${thrown.message}). Run npm ci, then npm start.`
      : wordsOf(thrown),
  );
  process.exit(1);
}

function wordsOf(thrown: unknown): string {
  const { code, message } = toPublicError(thrown);
  return code !== 'internal'
    ? message
    : thrown instanceof Error
      ? (thrown.stack ?? thrown.message)
      : String(thrown);
}

function say(text: string): void {
  process.stderr.write(`\nParlance could not start.\n${text}\n`);
}
