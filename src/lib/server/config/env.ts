import { resolve } from 'node:path';
import { AppError } from '../../domain/errors';
import type { z } from 'zod';
import { EnvSchema, type Subnet } from './schema';
import { readTlsFiles, type TlsFiles } from './tls-files';
import { variables, type Variable } from './variables';

/** What holds for every local model of this server. */
export interface LocalSettings {
  /** Where the folders of models are, and where relative paths begin. */
  readonly modelsDir: string;
  /** Whether the models in that folder are offered also beside those that are listed: the folder was set. */
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

/** Limits and certificates of requests to other servers. The room `backends` has the same as `HttpSettings`. */
export interface OutboundSettings extends TlsFiles {
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** The configuration of one server, checked, with absolute paths. Read once; never changes. */
export interface Env {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly access: 'single' | 'anonymous';
  /** Set by the operator; absent: `auth` makes one when it is needed. */
  readonly accessToken: string | undefined;
  /** Set by the operator of a shared server; absent: `auth` makes one. */
  readonly adminToken: string | undefined;
  /** Besides the server's own. */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly Subnet[];
  /** Set by the operator, to seal what is kept; absent: one is made and kept when it is needed. */
  readonly secretKey: string | undefined;
  /** Where the file of models is; at most one of this and `models` is there. */
  readonly modelsFile: string | undefined;
  /** `MODELS`: a list, or an object with `models` or `servers`. What it holds is not checked yet. */
  readonly models: object | undefined;
  /** `OPENAI_BASE_URL` with its key. */
  readonly openai: { readonly url: string; readonly apiKey: string | undefined } | undefined;
  readonly hfToken: string | undefined;
  /** The model for titles and other small work. */
  readonly taskModel: string | undefined;
  /** For requests to model servers. */
  readonly http: OutboundSettings;
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
  const faults = new Map(parsed.error?.issues.map(({ path, message }) => [String(path[0]), message]));
  const files = readTlsFiles(source, baseDir, (name, message) => faults.set(name, message));
  if (parsed.data?.MODELS && parsed.data.MODELS_FILE !== undefined)
    faults.set('MODELS_FILE', 'cannot be set together with MODELS');
  if (parsed.data?.ADMIN_TOKEN !== undefined && parsed.data.ACCESS === 'single')
    faults.set('ADMIN_TOKEN', 'is for ACCESS=anonymous; with single, the one owner is the administrator');
  if (faults.size > 0 || !parsed.data) {
    const lines = [...faults].map(([name, message]) => `${name}: ${message}.`);
    throw new AppError('config-invalid', lines.join('\n'));
  }
  return envOf(parsed.data, files, source, baseDir);
}

function envOf(
  data: z.infer<typeof EnvSchema>,
  files: TlsFiles,
  source: NodeJS.ProcessEnv,
  baseDir: string,
): Env {
  return Object.freeze({
    host: data.HOST,
    port: data.PORT,
    dataDir: resolve(baseDir, data.DATA_DIR),
    access: data.ACCESS,
    accessToken: data.ACCESS_TOKEN,
    adminToken: data.ADMIN_TOKEN,
    allowedOrigins: data.ALLOWED_ORIGINS.map(({ origin }) => origin),
    trustedProxies: data.TRUSTED_PROXIES,
    secretKey: data.SECRET_KEY,
    modelsFile: data.MODELS_FILE === undefined ? undefined : resolve(baseDir, data.MODELS_FILE),
    models: data.MODELS,
    openai:
      data.OPENAI_BASE_URL === undefined
        ? undefined
        : Object.freeze({ url: data.OPENAI_BASE_URL, apiKey: data.OPENAI_API_KEY }),
    hfToken: data.HF_TOKEN,
    taskModel: data.TASK_MODEL,
    http: Object.freeze({
      connectTimeoutMs: data.BACKEND_CONNECT_TIMEOUT_MS,
      firstByteTimeoutMs: data.BACKEND_FIRST_BYTE_TIMEOUT_MS,
      idleTimeoutMs: data.BACKEND_IDLE_TIMEOUT_MS,
      ...files,
    }),
    local: Object.freeze({
      modelsDir: resolve(baseDir, data.LOCAL_MODELS_DIR),
      offersFound: Boolean(source.LOCAL_MODELS_DIR?.trim()),
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
