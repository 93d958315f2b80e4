import { flavourNames } from '../../domain/connection';
import type { DiscoveredModel, DiscoveredServer } from '../backends/discovery/discovered';
import { backendConfigSchema, type BackendConfig } from '../backends/index';
import type { ModelConfig } from './model-config';
import type { ServerEntry } from './model-entry';

/** Of a server: its entry, and what it last said. */
export interface AskedServer {
  entry: ServerEntry;
  found: DiscoveredServer;
}

/** A model as the registry takes it, with the server that has it. */
export interface OfferedModel {
  config: ModelConfig;
  server: ServerEntry;
}

/** A backend from what is said of it; `undefined` where no driver takes that. */
export type ToBackend = (said: Record<string, unknown>) => BackendConfig | undefined;

export const toBackend: ToBackend = (said) => backendConfigSchema.safeParse(said).data;

/**
 * The models of all servers, in their order. Each has the id that its server calls it by, after the prefix where one is
 * given. Where an earlier server has the same id, that of the later one begins with the name of its server. `onRefused`
 * hears of servers whose models no driver takes.
 */
export function modelsOf(
  servers: readonly AskedServer[],
  make: ToBackend,
  onRefused: (server: ServerEntry) => void,
): OfferedModel[] {
  const taken = new Set<string>();
  const offered: OfferedModel[] = [];
  for (const { entry, found } of servers) {
    for (const model of found.models) {
      if (model.isEmbedding || !isWanted(model.id, entry)) continue;
      const plain = (entry.prefix ?? '') + model.id;
      const id = taken.has(plain) ? `${nameOf(entry)}/${plain}` : plain;
      if (taken.has(id)) continue;
      const backend = make(saidOf(model, { entry, found }));
      if (!backend) {
        onRefused(entry);
        break;
      }
      taken.add(id);
      offered.push({ config: configOf(id, model, { entry, found }, backend), server: entry });
    }
  }
  return offered;
}

/** The `backend` of a model as an entry would have it. */
function saidOf({ id }: DiscoveredModel, { entry, found }: AskedServer): Record<string, unknown> {
  const {
    apiKey,
    headers,
    query,
    body,
    connectTimeoutMs,
    firstByteTimeoutMs,
    idleTimeoutMs,
    maxConcurrency,
  } = entry;
  const type = entry.type ?? found.backend;
  const isOpenai = type === 'openai';
  const said = {
    type,
    url: found.url,
    // TGI has one model, and takes no name of it.
    ...(type !== 'tgi' && { model: id }),
    ...(isOpenai && found.flavour !== 'unknown' && { flavour: found.flavour }),
    ...(isOpenai && { body }),
    ...{ apiKey, headers, query, connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs, maxConcurrency },
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function configOf(
  id: string,
  model: DiscoveredModel,
  { entry: { name, access }, found }: AskedServer,
  backend: BackendConfig,
): ModelConfig {
  return {
    id,
    origin: 'discovered',
    provider: name ?? flavourNames[found.flavour],
    ...(model.name !== undefined && { name: model.name }),
    ...(model.description !== undefined && { description: model.description.slice(0, 1000) }),
    ...(model.contextLength !== undefined && { contextLength: model.contextLength }),
    capabilities: model.capabilities,
    ...(access && { access }),
    backend,
  };
}

/** Whether an entry takes a model of this id. */
export function isWanted(
  id: string,
  { include, exclude = [] }: Pick<ServerEntry, 'include' | 'exclude'>,
): boolean {
  const fits = (pattern: string) => patternOf(pattern).test(id);
  return (include === undefined || include.some(fits)) && !exclude.some(fits);
}

/** `*` stands for any text. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.+?()[\]{}|/]/gu, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'su');
}

/** Of a server, for ids and the log; never its whole address, which may hold what nobody is to see. */
export function nameOf({ name, url }: ServerEntry): string {
  return name ?? new URL(url).host;
}
