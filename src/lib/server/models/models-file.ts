import { AppError } from '../../domain/errors';
import { faultsOf, type ConfigFault } from './config-faults';
import { readConfigText, type ConfigText } from './config-text';
import { fillVariables, type Environment } from './config-variables';
import { fileSchema, type ModelsFile } from './model-entry';

export interface ReadOptions {
  /** Of the file: its ending says the form, and its name is in every fault. */
  path: string;
  /** Where `${NAME}` is looked up. */
  env: Environment;
}

/**
 * Reads and checks a file of models, without any I/O: a list of models, or `{ servers, models }`. Throws `config-invalid`
 * whose message has every fault, one a line: `models.yaml:12: models.0.backend.url: ...`.
 */
export function readModelsFile(text: string, { path, env }: ReadOptions): ModelsFile {
  const read = readConfigText(text, path);
  const name = path.split(/[/\\]/u).at(-1) ?? path;
  if (read.faults.length > 0) {
    const lines = read.faults.map(({ message, line }) => lineOf(name, line, message));
    throw new AppError('config-invalid', lines.join('\n'));
  }
  return checkModels(read.value, { name, env, lineOf: read.lineOf });
}

export interface CheckOptions {
  /** Begins every line of a fault. */
  name: string;
  env: Environment;
  lineOf?: ConfigText['lineOf'];
}

/** As `readModelsFile`, of what has been parsed. */
export function checkModels(parsed: unknown, { name, env, lineOf: find }: CheckOptions): ModelsFile {
  const { value, missing } = fillVariables(parsed, env);
  const isList = Array.isArray(value);
  const file: unknown = isList ? { models: value } : value;
  const checked = fileSchema.safeParse(file);
  const inFile = [
    ...(checked.error ? faultsOf(file, fileSchema, checked.error.issues) : []),
    ...crossFaults(file),
  ].map(({ path, message }) => ({ path: isList ? path.slice(1) : path, message }));
  const unset = missing.map((one) => ({ path: one.path, message: `the variable ${one.name} is not set` }));
  // An address without its variable is no address, which needs no words of its own.
  const unsetPaths = new Set(unset.map(({ path }) => path.join('.')));
  const faults = [...unset, ...inFile.filter(({ path }) => !unsetPaths.has(path.join('.')))];
  if (faults.length === 0 && checked.success)
    return { servers: checked.data.servers ?? [], models: checked.data.models ?? [] };
  const lines = faults
    .map(({ path, message }) => ({ line: find?.(path), words: wordsOf(path, message) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  throw new AppError('config-invalid', lines.map(({ line, words }) => lineOf(name, line, words)).join('\n'));
}

function wordsOf(path: readonly PropertyKey[], message: string): string {
  return path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message;
}

function lineOf(name: string, line: number | undefined, words: string): string {
  const ended = /[.?!]$/u.test(words) ? words : `${words}.`;
  return `${name}${line === undefined ? '' : `:${String(line)}`}: ${ended}`;
}

type Loose = Record<string, unknown>;

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What no entry shows alone. Entries may still be anything here, so that all faults are told at once. */
function crossFaults(file: unknown): ConfigFault[] {
  if (!isObject(file)) return [];
  const { models = [], servers = [] } = file;
  if (!Array.isArray(models) || !Array.isArray(servers)) return [];
  if (models.length === 0 && servers.length === 0)
    return [{ path: ['models'], message: 'there is no model and no server' }];
  const ids = models.map((entry: unknown) => (isObject(entry) ? entry.id : undefined));
  let hasDefault = false;
  return models.flatMap((entry: unknown, index): ConfigFault[] => {
    if (!isObject(entry)) return [];
    const { id, backend, replacedBy } = entry;
    const faults: [key: string, message: string, isFault: boolean][] = [
      ['id', 'another model before it has this id', typeof id === 'string' && ids.indexOf(id) < index],
      ['backend', 'is missing', backend === undefined && replacedBy === undefined],
      ['replacedBy', 'is the model itself', replacedBy !== undefined && replacedBy === id],
      ['default', 'another model before it is the default', entry.default === true && hasDefault],
    ];
    hasDefault ||= entry.default === true;
    return faults.flatMap(([key, message, isFault]) =>
      isFault ? [{ path: ['models', index, key], message }] : [],
    );
  });
}
