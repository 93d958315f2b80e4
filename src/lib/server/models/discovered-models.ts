import type { DiscoveredModel, DiscoveredServer, ServerFlavour } from '../backends/discovery/discovered';
import { backendConfigSchema } from '../backends/index';
import type { ModelConfig } from './model-config';
import type { ServerEntry } from './model-entry';

/** What programs are called. */
const programs: Record<ServerFlavour, string> = {
  tgi: 'TGI',
  vllm: 'vLLM',
  'llama.cpp': 'llama.cpp',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
  'hf-router': 'Hugging Face',
  openrouter: 'OpenRouter',
  openai: 'OpenAI',
  unknown: 'Server',
};

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

/**
 * The models of all servers, in their order. Each has the id that its server calls it by, after the prefix where one is
 * given. Where an earlier server has the same id, that of the later one begins with the name of its server.
 */
export function modelsOf(servers: readonly AskedServer[]): OfferedModel[] {
  const taken = new Set<string>();
  return servers.flatMap(({ entry, found }) =>
    found.models
      .filter((model) => !model.isEmbedding && isWanted(model.id, entry))
      .flatMap((model) => {
        const plain = (entry.prefix ?? '') + model.id;
        const id = taken.has(plain) ? `${nameOf(entry)}/${plain}` : plain;
        const config = taken.has(id) ? undefined : configOf(id, model, { entry, found });
        if (!config) return [];
        taken.add(id);
        return [{ config, server: entry }];
      }),
  );
}

/** `undefined` where no driver takes what is said of the server: of one that is not there yet, say. */
function configOf(
  id: string,
  model: DiscoveredModel,
  { entry, found }: AskedServer,
): ModelConfig | undefined {
  const {
    url: _url,
    name,
    type,
    prefix: _prefix,
    include: _i,
    exclude: _e,
    refreshMs: _r,
    access,
    ...given
  } = entry;
  const driver = type ?? found.backend;
  // TGI has one model, and takes no name of it.
  const named = driver === 'tgi' ? {} : { model: model.id };
  const backend = backendConfigSchema.safeParse({ type: driver, url: found.url, ...named, ...given });
  if (!backend.success) return undefined;
  return {
    id,
    origin: 'discovered',
    provider: name ?? programs[found.flavour],
    ...(model.name !== undefined && { name: model.name }),
    ...(model.description !== undefined && { description: model.description.slice(0, 1000) }),
    ...(model.contextLength !== undefined && { contextLength: model.contextLength }),
    capabilities: model.capabilities,
    ...(access && { access }),
    backend: backend.data,
  };
}

function isWanted(id: string, { include, exclude = [] }: ServerEntry): boolean {
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
