import type { Logger } from 'pino';
import { AppError } from '../../domain/errors';
import type { Env } from '../config/env';
import { findAccessToken, findAdminToken } from './access-token';
import { Entrance, type Access } from './entrance';
import { randomSecret } from './secrets';

type AccessEnv = Pick<Env, 'access' | 'accessToken' | 'adminToken' | 'host' | 'trustedProxies' | 'dataDir'>;

/**
 * Who may be an owner of this server, as its configuration says. Throws `config-invalid` when the access token cannot be
 * kept: without it everybody would be in. Where the administrator's cannot, nobody is one, and the log says so.
 */
export async function openAccess(
  env: AccessEnv,
  instanceSecret: () => Promise<string>,
  log: Pick<Logger, 'warn'>,
): Promise<Access> {
  const { access } = env;
  const isSingle = access === 'single';
  const token = isSingle
    ? await findAccessToken(env)
    : await orUndefined(findAdminToken(env), (fault) =>
        log.warn({ err: fault }, 'nobody can sign in as administrator'),
      );
  if (token === undefined) return { access, entrance: undefined };
  const secret = await orUndefined(instanceSecret(), (fault) =>
    log.warn({ err: fault }, 'whoever signs in has to do so again after each start'),
  );
  return { access, entrance: new Entrance(token, isSingle ? 'token' : 'admin', secret ?? randomSecret()) };
}

async function orUndefined<T>(finding: Promise<T>, tell: (fault: AppError) => void): Promise<T | undefined> {
  try {
    return await finding;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    tell(thrown);
    return undefined;
  }
}
