import { AppError } from '../domain/errors';
import { createApp } from './app';
import { findAccessToken } from './auth/access-token';
import { processEnv, readEnv } from './config/env';
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
    const accessToken = await findAccessToken(env);
    const app = await createApp({ ...env, environment, baseDir }, createLogger(env));
    announce({ app, env, accessToken });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    process.stderr.write(`\nParlance could not start.\n${thrown.message}\n`);
    process.exit(1);
  }
}
