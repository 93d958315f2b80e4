import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors';
import type { Env } from '../config/env';
import { isReachableByOthers } from '../http/addresses';
import { randomSecret } from './secrets';

type AccessTokenEnv = Pick<Env, 'access' | 'accessToken' | 'host' | 'trustedProxies' | 'dataDir'>;

/**
 * What browsers must know to be the one owner; `undefined` when nothing is asked: nobody else can reach the server, or
 * each browser is an owner of its own. One that is made here is kept, so that a restart does not lock anybody out.
 * Throws `config-invalid` when it cannot be kept.
 */
export async function findAccessToken(env: AccessTokenEnv): Promise<string | undefined> {
  if (env.access !== 'single') return undefined;
  if (env.accessToken !== undefined) return env.accessToken;
  return isReachableByOthers(env) ? keptToken(env.dataDir, accessTokens) : undefined;
}

/**
 * What the administrator of a shared server knows; `undefined` where nobody can be one. One that is made here is kept.
 * Throws `config-invalid` when it cannot be kept.
 */
export async function findAdminToken(
  env: Pick<Env, 'access' | 'adminToken' | 'dataDir'>,
): Promise<string | undefined> {
  if (env.access !== 'anonymous') return undefined;
  return env.adminToken ?? keptToken(env.dataDir, adminTokens);
}

/** Where a token is kept, and the variable that stands in for it. */
interface TokenKind {
  file: string;
  name: string;
  variable: string;
}
const accessTokens: TokenKind = { file: 'access-token', name: 'access token', variable: 'ACCESS_TOKEN' };
const adminTokens: TokenKind = {
  file: 'admin-token',
  name: 'token of the administrator',
  variable: 'ADMIN_TOKEN',
};

async function keptToken(dataDir: string, kind: TokenKind): Promise<string> {
  const file = join(dataDir, kind.file);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const token = randomSecret();
    // `wx`: what is there already is never replaced.
    await writeFile(file, `${token}\n`, { flag: 'wx', mode: 0o600 });
    return token;
  } catch (thrown) {
    const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    if (!isThere) throw unusable(kind, file, thrown);
  }
  const token = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw unusable(kind, file, thrown);
  });
  // An empty or cut off file must not open the door.
  if (token.trim().length < 16) throw unusable(kind, file);
  return token.trim();
}

function unusable({ name, variable }: TokenKind, file: string, cause?: unknown): AppError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new AppError(
    'config-invalid',
    `The ${name} in ${file} cannot be used${reason}. Delete the file, or set ${variable}.`,
    { cause },
  );
}
