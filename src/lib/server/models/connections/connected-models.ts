import {
  flavourNames,
  type Connection,
  type ModelChoice,
  type OfferedModel,
  type ServerFlavour,
} from '../../../domain/connection';
import { AppError } from '../../../domain/errors';
import type { ModelCapabilities } from '../../../domain/model-summary';
import { backendConfigSchema, type BackendConfig } from '../../backends/index';
import type { ModelConfig } from '../model-config';
import type { ServerSecrets } from './vault';

/** The id under which a model of a connected server is offered. */
export function offeredId({ prefix }: Pick<Connection, 'prefix'>, modelId: string): string {
  return `${prefix}/${modelId}`;
}

/** Entries for the registry: one for each model that is offered. */
export function configsOf(connection: Connection, secrets: ServerSecrets | undefined): ModelConfig[] {
  return connection.models.map((model) => ({
    id: offeredId(connection, model.id),
    name: model.name ?? model.id,
    ...(model.description !== undefined && { description: model.description }),
    backend: backendOf(connection, model, secrets),
    ...(model.contextLength !== undefined && { contextLength: model.contextLength }),
    capabilities: capabilitiesOf(connection, model),
    origin: 'connected',
    ...(connection.isForAdmins && { access: 'admin' }),
    provider: connection.name,
  }));
}

/** What a driver needs to speak with one model of a server. Throws `invalid-input` for what no driver takes. */
export function backendOf(
  { backend, url, flavour }: Pick<Connection, 'backend' | 'url'> & { flavour?: ServerFlavour },
  { id: model, capabilities }: Pick<OfferedModel, 'id' | 'capabilities'>,
  { apiKey, headers, query }: ServerSecrets = {},
): BackendConfig {
  // TGI has one model, and is not asked by its name.
  const named = backend === 'tgi' ? { ...(capabilities.images && { images: true }) } : { model };
  const known = backend === 'openai' ? { flavour } : {};
  const checked = backendConfigSchema.safeParse({
    ...{ type: backend, url, apiKey, headers, query },
    ...named,
    ...known,
  });
  if (checked.success) return checked.data;
  // Where it is and not what: a value may be a key, and so may the name of a header.
  const places = new Set(checked.error.issues.map(({ path: [place] }) => String(place)));
  throw new AppError(
    'invalid-input',
    `What is known of the model "${model}" cannot be used: ${[...places].join(', ')}.`,
  );
}

/** The driver for TGI knows better how large images may be: all of a request has one limit there. */
function capabilitiesOf({ backend }: Connection, { capabilities }: OfferedModel): ModelCapabilities {
  const { images: _, ...others } = capabilities;
  return backend === 'tgi' ? others : capabilities;
}

/**
 * Of what a server has now, what is chosen. What was chosen and is not there stays with what was known of it: a server
 * may list a model only while it is loaded, or have no list at all.
 */
export function chosenModels(
  choice: ModelChoice,
  found: readonly OfferedModel[],
  known: readonly OfferedModel[],
): OfferedModel[] {
  if (choice === 'all') return found.filter(({ isEmbedding }) => !isEmbedding);
  const byId = new Map([...known, ...found].map((model) => [model.id, model]));
  return choice.map((id) => byId.get(id) ?? { id, capabilities: {} });
}

/** What a server is called until somebody calls it otherwise. */
export function usualName(flavour: ServerFlavour, url: string): string {
  const { hostname, host } = new URL(url);
  if (flavour === 'unknown') return host;
  const isHere = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal)$/u.test(hostname);
  const isService = ['hf-router', 'openrouter', 'openai'].includes(flavour);
  return isHere || isService ? flavourNames[flavour] : `${flavourNames[flavour]} on ${hostname}`;
}

/** A beginning for ids that reads like the name, and that nothing else begins with. */
export function prefixOf(name: string, isTaken: (prefix: string) => boolean): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z\d.]+/gu, '-')
    .slice(0, 32)
    .replace(/^[-.]+|[-.]+$/gu, '');
  const first = plain || 'server';
  let prefix = first;
  for (let count = 2; isTaken(prefix); count += 1) prefix = `${first}-${String(count)}`;
  return prefix;
}
