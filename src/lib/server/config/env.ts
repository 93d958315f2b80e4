import { resolve } from 'node:path';
import { AppError } from '../../domain/errors';
import { EnvSchema, type Subnet } from './schema';
import { variables, type Variable } from './variables';

/** What holds for every local model of this server. */
export interface LocalSettings {
  /** Where the folders of models are, and where relative paths begin. */
  readonly modelsDir: string;
  /** Whether the models in that folder are offered besides those that are listed. */
  readonly offersFound: boolean;
  /** Absent: chosen by the number of processor cores. */
  readonly threads: number | undefined;
  /** Answers at once. */
  readonly slots: number;
  /** Tokens a slot. */
  readonly context: number;
  /** Time without a request until a model leaves memory; 0: never. */
  readonly idleUnloadMs: number;
}

/** The configuration of one server, checked, with absolute paths. Read once; never changes. */
export interface Env {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly access: 'single' | 'anonymous';
  /** Set by the operator; absent: `auth` makes one when it is needed. */
  readonly accessToken: string | undefined;
  /** Besides the server's own. */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly Subnet[];
  /** Checked only as a list; absent: those that are found in the folder of local models. */
  readonly models: unknown[] | undefined;
  readonly local: LocalSettings;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** The environment of this process. Nothing else in `src` reads it. */
export function processEnv(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * Reads the configuration from `source`; relative paths begin at `baseDir`. What is empty counts as not set. Throws
 * `config-invalid` whose message names every fault, one variable a line.
 */
export function readEnv(source: NodeJS.ProcessEnv, baseDir: string = process.cwd()): Env {
  const parsed = EnvSchema.safeParse(withDefaults(source));
  if (!parsed.success) {
    const faults = new Map(parsed.error.issues.map(({ path, message }) => [String(path[0]), message]));
    const lines = [...faults].map(([name, message]) => `${name}: ${message}.`);
    throw new AppError('config-invalid', lines.join('\n'));
  }
  const { data } = parsed;
  return Object.freeze({
    host: data.HOST,
    port: data.PORT,
    dataDir: resolve(baseDir, data.DATA_DIR),
    access: data.ACCESS,
    accessToken: data.ACCESS_TOKEN,
    allowedOrigins: data.ALLOWED_ORIGINS.map(({ origin }) => origin),
    trustedProxies: data.TRUSTED_PROXIES,
    models: data.MODELS,
    local: Object.freeze({
      modelsDir: resolve(baseDir, data.LOCAL_MODELS_DIR),
      offersFound: data.MODELS === undefined || Boolean(source.LOCAL_MODELS_DIR?.trim()),
      threads: data.LOCAL_THREADS,
      slots: data.LOCAL_SLOTS,
      context: data.LOCAL_CONTEXT,
      idleUnloadMs: data.LOCAL_IDLE_UNLOAD_MS,
    }),
    logLevel: data.LOG_LEVEL,
  });
}

function withDefaults(source: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries<Variable>(variables).map(([name, variable]) => [
      name,
      source[name]?.trim() || variable.default,
    ]),
  );
}
