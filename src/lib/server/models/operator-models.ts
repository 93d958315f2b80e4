import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../domain/errors';
import type { HttpSettings } from '../backends/http/settings';
import type { LocalSettings } from '../config/env';
import type { Environment } from './config-variables';
import { bundledModel, findModels } from './found-models';
import { resolveEntries, type ModelConfig } from './model-config';
import type { ModelsFile, ServerEntry } from './model-entry';
import { checkModels, readModelsFile } from './models-file';
import { namedFiles } from './named-files';

/** What the operator says of models: `Env` has all of it but the environment itself. */
export interface ModelSettings {
  /** Absolute path of the file of models. */
  modelsFile?: string | undefined;
  /** `MODELS`, parsed; absent as the file is: the models that are found. */
  models?: object | undefined;
  /** A server that is asked for its models before all others. */
  openai?: { url: string; apiKey: string | undefined } | undefined;
  /** For huggingface.co alone. */
  hfToken?: string | undefined;
  http?: HttpSettings;
  local: LocalSettings;
  /** Where relative paths of `MODELS` begin; absent: the working folder. */
  baseDir?: string;
  /** Where `${NAME}` of an entry is looked up. */
  environment?: Environment;
}

/** All models and servers of the operator, checked, with what was read for them. */
export interface OperatorModels {
  listed: ModelConfig[];
  local: ModelConfig[];
  servers: ServerEntry[];
}

/** The text of the file of models, if there is one. Throws `config-invalid` when it cannot be read. */
export async function readText({ modelsFile }: ModelSettings): Promise<string | undefined> {
  if (modelsFile === undefined) return undefined;
  return readFile(modelsFile, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new AppError('config-invalid', `MODELS_FILE: ${modelsFile} cannot be read${code}.`, { cause });
  });
}

/**
 * Reads everything that the operator says of models, and starts nothing. `text` is that of the file of models. Throws
 * `config-invalid` whose message has every fault, one a line.
 */
export async function readOperatorModels(
  settings: ModelSettings,
  text: string | undefined,
): Promise<OperatorModels> {
  const { local, openai, hfToken } = settings;
  const file = readFileOf(settings, text);
  const name = text === undefined ? 'MODELS' : 'MODELS_FILE';
  const entries = file.models.map((entry) => withToken(entry, hfToken));
  const listed = await resolveEntries(entries, {
    name,
    baseDir: baseDirOf(settings, text),
    local,
  });
  const first = openai ? [{ url: openai.url, ...(openai.apiKey && { apiKey: openai.apiKey }) }] : [];
  const servers = [...first, ...file.servers].map((server) => authorised(server, hfToken));
  const offersFound = local.offersFound || listed.length === 0;
  const found = offersFound ? await findModels(local, listed) : [];
  const isNothing = listed.length + found.length + servers.length === 0;
  return { listed, servers, local: isNothing ? [await bundledModel(local)] : found };
}

/** The files whose content `readOperatorModels` reads beside `text`. Throws as it does for what `text` says. */
export function filesRead(settings: ModelSettings, text: string | undefined): string[] {
  return namedFiles(readFileOf(settings, text).models, baseDirOf(settings, text));
}

function baseDirOf({ modelsFile = '', baseDir = process.cwd() }: ModelSettings, text?: string): string {
  return text === undefined ? baseDir : dirname(modelsFile);
}

function readFileOf(settings: ModelSettings, text: string | undefined): ModelsFile {
  const { models, modelsFile = '', environment: env = {} } = settings;
  if (text !== undefined) return readModelsFile(text, { path: modelsFile, env });
  return models ? checkModels(models, { name: 'MODELS', env }) : { models: [], servers: [] };
}

function withToken<E extends { backend?: unknown }>(entry: E, token: string | undefined): E {
  const { backend } = entry;
  if (isOfProvider(backend) && token?.startsWith('hf_') === true)
    return { ...entry, backend: { apiKey: token, ...backend } };
  const isServer = typeof backend === 'object' && backend !== null && 'url' in backend;
  if (!isServer || typeof backend.url !== 'string') return entry;
  return { ...entry, backend: authorised(backend as { url: string }, token) };
}

/** Whether Hugging Face passes requests on to a provider: what begins with hf_ is sent to no other host then. */
function isOfProvider(backend: unknown): backend is object {
  const { type, url } = (backend ?? {}) as { type?: unknown; url?: unknown };
  return type === 'inference-client' && url === undefined;
}

/** With the token for Hugging Face where the server is theirs and no other key is given. It goes nowhere else. */
function authorised<S extends { url: string; apiKey?: string | undefined }>(
  server: S,
  token: string | undefined,
): S {
  const { protocol, hostname } = new URL(server.url);
  const isTheirs = protocol === 'https:' && /(?:^|\.)huggingface\.co$/u.test(hostname);
  return isTheirs && token !== undefined && !server.apiKey ? { ...server, apiKey: token } : server;
}
