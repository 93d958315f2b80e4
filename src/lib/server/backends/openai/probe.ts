import type { BackendFacts } from '../backend';
import type { Answer, Asker } from '../discovery/asker';
import type { DiscoveredModel, ServerFlavour } from '../discovery/discovered';
import { recognise } from '../discovery/flavours';
import { withOllamaFacts } from '../discovery/ollama-facts';
import { upstreamError } from '../http/upstream-error';
import { contextUnasked } from '../ollama/show';
import type { OpenaiConfig } from './config';
import { dialects } from './dialect';
import { record } from './payload';

/** What is known of a server once it was asked. */
export interface Probe {
  flavour: ServerFlavour;
  model: string | undefined;
  facts: BackendFacts;
  /** A vLLM before 0.11, which has another name for guided output. */
  hasGuidedFields: boolean;
}

const silent: Answer = { status: 0, value: undefined, isPage: false };
/** Theirs is the API alone: nothing above it says who they are, and their names do. */
const hosted = /(?:^|\.)(?:router\.huggingface\.co|openrouter\.ai|api\.openai\.com)$/u;

/** Whether the entry says all that a request depends on: discovered models of hosted servers do. */
export function isKnown({ url, flavour, model }: OpenaiConfig): boolean {
  return flavour !== undefined && model !== undefined && hosted.test(new URL(url).hostname);
}

/** What holds for such a server until it has said more. */
export function assumed({ flavour = 'unknown', model, accepts }: OpenaiConfig): Probe {
  return { flavour, model, facts: factsOf(undefined, flavour, accepts), hasGuidedFields: false };
}

/**
 * Asks a server who it is and what it says of the model. Throws `backend-unreachable`, `backend-rejected` when the key is
 * refused, and `model-unavailable` while it loads. A server without a list of models is fine.
 */
export async function probeServer(config: OpenaiConfig, asker: Asker): Promise<Probe> {
  const models = await asker.ask('/models');
  const { status, value } = models;
  if ([401, 403, 429, 502, 503, 504].includes(status))
    throw upstreamError({ status, headers: {}, body: value === undefined ? '' : JSON.stringify(value) });
  const isHosted = hosted.test(new URL(config.url).hostname);
  const above = (path: string) =>
    isHosted ? Promise.resolve(silent) : asker.ask(`/..${path}`).catch(() => silent);
  const paths = ['/info', '/props', '/api/version', '/api/tags', '/api/v0/models', '/version'];
  const [info = silent, props = silent, version = silent, tags = silent, studio = silent, own = silent] =
    await Promise.all(paths.map(above));
  const found = recognise({ models, plainModels: silent, info, props, version, tags, studio }, config.url);
  const flavour = config.flavour ?? found?.flavour ?? 'unknown';
  const offered = found?.models ?? [];
  const model = chosenModel(offered, config.model) ?? onlyModel(offered, flavour);
  const described = model && flavour === 'ollama' ? await ollamaFacts(model, asker) : model;
  return {
    flavour,
    // TGI takes any other name for that of an adapter.
    model: config.model ?? (flavour === 'tgi' ? undefined : model?.id),
    facts: factsOf(described, flavour, config.accepts),
    hasGuidedFields: flavour === 'vllm' && isBefore011(record(own.value).version),
  };
}

/** The one that is configured; otherwise the first that answers. */
function chosenModel(models: DiscoveredModel[], wanted: string | undefined): DiscoveredModel | undefined {
  if (wanted === undefined) return models.find(({ isEmbedding }) => isEmbedding !== true);
  // Ollama adds a tag that may be left out; the router's models take a provider.
  return (
    models.find(({ id }) => id === wanted) ??
    models.find(({ id }) => id === `${wanted}:latest` || id === wanted.split(':')[0])
  );
}

/** llama.cpp with one model answers to any name with it, and TGI with it or an adapter of it. */
function onlyModel(models: DiscoveredModel[], flavour: ServerFlavour): DiscoveredModel | undefined {
  const takesAnyName = flavour === 'llama.cpp' || flavour === 'tgi';
  return takesAnyName && models.length === 1 ? models[0] : undefined;
}

async function ollamaFacts(model: DiscoveredModel, asker: Asker): Promise<DiscoveredModel> {
  const above: Asker = { ask: (path, body) => asker.ask(`/..${path}`, body) };
  const [described = model] = await withOllamaFacts([model], above, contextUnasked).catch(() => [model]);
  return described;
}

function factsOf(
  model: DiscoveredModel | undefined,
  flavour: ServerFlavour,
  accepts: OpenaiConfig['accepts'],
): BackendFacts {
  const { completes = false, fillsInTheMiddle = false, usualContext } = dialects[flavour];
  const { contextLength = usualContext, description, capabilities = {} } = model ?? {};
  return {
    ...(contextLength !== undefined && { contextLength }),
    ...(description !== undefined && { description }),
    capabilities: {
      ...capabilities,
      completion: accepts?.includes('prompt') ?? completes,
      fillInTheMiddle: fillsInTheMiddle && capabilities.fillInTheMiddle === true,
    },
  };
}

function isBefore011(version: unknown): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/u.exec(typeof version === 'string' ? version : '') ?? [];
  return major === '0' && Number(minor) < 11;
}
