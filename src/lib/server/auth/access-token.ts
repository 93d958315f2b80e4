import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors';
import type { Env } from '../config/env';
import { isReachableByOthers } from '../http/addresses';
import { randomSecret } from './secrets';

type TokenEnv = Pick<Env, 'access' | 'accessToken' | 'host' | 'trustedProxies' | 'dataDir'>;

/**
 * What browsers must know to be the one owner; `undefined` when nothing is asked: nobody else can reach the server, or
 * each browser is an owner of its own. One that is made here is kept, so that a restart does not lock anybody out.
 * Throws `config-invalid` when it cannot be kept.
 */
export async function findAccessToken(env: TokenEnv): Promise<string | undefined> {
  if (env.access !== 'single') return undefined;
  if (env.accessToken !== undefined) return env.accessToken;
  return isReachableByOthers(env) ? keptToken(env.dataDir) : undefined;
}

async function keptToken(dataDir: string): Promise<string> {
  const file = join(dataDir, 'access-token');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const token = randomSecret();
    // `wx`: what is there already is never replaced.
    await writeFile(file, `${token}\n`, { flag: 'wx', mode: 0o600 });
    return token;
  } catch (thrown) {
    const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    if (!isThere) throw unusable(file, thrown);
  }
  const token = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw unusable(file, thrown);
  });
  // An empty or cut off file must not open the door.
  if (token.trim().length < 16) throw unusable(file);
  return token.trim();
}

function unusable(file: string, cause?: unknown): AppError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new AppError(
    'config-invalid',
    `The access token in ${file} cannot be used${reason}. Delete the file, or set ACCESS_TOKEN.`,
    { cause },
  );
}
