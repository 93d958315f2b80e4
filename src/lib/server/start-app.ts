import { AppError } from '../domain/errors';
import { createApp } from './app';
import { isAdmin } from './auth/administrator';
import { openAccess } from './auth/open-access';
import { processEnv, readEnv } from './config/env';
import { findInstanceSecret } from './config/instance-secret';
import { announce, endFormer } from './lifecycle';
import { createLogger } from './log';
import { projectRoot } from './programs';

/**
 * Reads the configuration, makes the app and announces it. What whoever starts the server can mend is told in plain
 * words, and the process ends.
 */
export async function startApp(): Promise<void> {
  try {
    await endFormer();
    const environment = processEnv();
    const baseDir = projectRoot();
    const env = readEnv(environment, baseDir);
    const log = createLogger(env);
    const access = await openAccess(env, () => findInstanceSecret(env), log);
    // With one owner, whoever asks is that one: the start-up message and the probes too.
    const admins = env.access === 'single' ? {} : { isAdmin };
    const app = await createApp({ ...env, environment, baseDir, ...admins }, log);
    announce({ app, env, access });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    process.stderr.write(`\nParlance could not start.\n${thrown.message}\n`);
    process.exit(1);
  }
}
