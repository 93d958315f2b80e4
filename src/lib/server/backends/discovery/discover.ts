import { existsSync } from 'node:fs';
import { AppError } from '../../../domain/errors';
import { createTransport } from '../http/http-transport';
import type { HttpSettings } from '../http/settings';
import { askerOf, type Answer, type Asker } from './asker';
import type { DiscoveredServer, ServerFlavour } from './discovered';
import {
  answerFault,
  busyFault,
  noApiFault,
  otherServerFault,
  unreachableFault,
  type Circumstances,
} from './fault-words';
import { recognise, type Answers } from './flavours';
import { withOllamaFacts } from './ollama-facts';
import { readPastedAddress } from './pasted-address';

/** What a person or an operator says of a server. */
export interface PastedServer {
  /** As it was pasted: see `readPastedAddress`. */
  url: string;
  apiKey?: string | undefined;
  headers?: Record<string, string> | undefined;
  /** Added to the address of every request. */
  query?: Record<string, string> | undefined;
  /** The driver that shall speak with it; absent: the one that suits best. */
  type?: DiscoveredServer['backend'] | undefined;
}

export interface DiscoveryContext {
  http: HttpSettings;
  signal: AbortSignal;
  /** For the words about `localhost`; found out unless given. */
  isInContainer?: boolean;
}

/** Longest silence of a server while it says who it is, in milliseconds. */
const patienceMs = 10_000;

/**
 * Finds out what speaks at an address, and which models it has. Asks a few well-known places below it and, where nothing
 * is, above it. Nothing is generated. Faults are words with a remedy, and a name for programs in `details.fault`:
 * `invalid-input` (no address), `backend-unreachable` (nothing there, TLS, time), `backend-rejected` (key, redirect,
 * busy), `backend-protocol` (a web page, or what nobody here speaks with). Servers' answers are in none of them.
 */
export async function discoverServer(
  server: PastedServer,
  context: DiscoveryContext,
): Promise<DiscoveredServer> {
  const address = readPastedAddress(server.url);
  const circumstances = {
    address,
    hasKey: server.apiKey !== undefined || Object.keys(server.headers ?? {}).length > 0,
    isInContainer: context.isInContainer ?? isInContainer(),
  };
  try {
    return await lookBelow(address.roots, server, context, circumstances);
  } catch (thrown) {
    if (!isUnreachable(thrown) || address.otherRoots.length === 0) throw thrown;
    // The words about the first way say more: it is what most have.
    return lookBelow(address.otherRoots, server, context, circumstances).catch(() => {
      throw thrown;
    });
  }
}

async function lookBelow(
  roots: string[],
  server: PastedServer,
  context: DiscoveryContext,
  circumstances: Circumstances,
): Promise<DiscoveredServer> {
  let fault: unknown;
  for (const root of roots) {
    try {
      return await lookAt(root, server, context, circumstances);
    } catch (thrown) {
      const name = thrown instanceof AppError ? thrown.details?.fault : undefined;
      // A page that lies below the API says nothing of what stands above it.
      if (name !== 'page' && name !== 'no-api') throw thrown;
      fault ??= thrown;
    }
  }
  throw fault;
}

async function lookAt(
  root: string,
  { apiKey, headers, query, type }: PastedServer,
  { http, signal }: DiscoveryContext,
  circumstances: Circumstances,
): Promise<DiscoveredServer> {
  const endpoint = {
    url: root,
    ...(apiKey && { apiKey }),
    ...(headers && { headers }),
    ...(query && { query }),
  };
  const settings = { ...http, idleTimeoutMs: Math.min(http.idleTimeoutMs, patienceMs) };
  const transport = createTransport(endpoint, { http: settings });
  try {
    return await identify(root, type, askerOf(transport, signal), circumstances);
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof AppError)) throw thrown;
    if (thrown.code === 'rate-limited') throw busyFault(circumstances);
    throw thrown.code === 'backend-unreachable' && thrown.details === undefined
      ? unreachableFault(thrown, circumstances)
      : thrown;
  } finally {
    await transport.close();
  }
}

async function identify(
  root: string,
  type: PastedServer['type'],
  asker: Asker,
  circumstances: Circumstances,
): Promise<DiscoveredServer> {
  const answers = await askAll(asker);
  const recognised = recognise(answers, root);
  const found: DiscoveredServer = recognised
    ? { ...recognised, backend: driverOf(recognised.flavour), url: baseOf(root, answers) }
    : await withoutList(root, asker, answers, circumstances);
  const { flavour } = found;
  const backend = type ?? found.backend;
  if (backend !== 'openai' && backend !== flavour) throw otherServerFault(circumstances, backend);
  await checkKey(flavour, answers, asker, circumstances);
  return {
    flavour,
    backend,
    url: backend === 'openai' ? found.url : root,
    models: flavour === 'ollama' ? await withOllamaFacts(found.models, asker) : found.models,
  };
}

/** The first question tells whether anybody is there; the others then go together. */
async function askAll(asker: Asker): Promise<Answers> {
  const models = await asker.ask('/v1/models');
  const silent: Answer = { status: 0, value: undefined, isPage: false };
  // One place that hangs says nothing of the others.
  const ask = (path: string) => asker.ask(path).catch(() => silent);
  const paths = ['/models', '/info', '/props', '/api/version', '/api/tags', '/api/v0/models'];
  const [
    plainModels = silent,
    info = silent,
    props = silent,
    version = silent,
    tags = silent,
    studio = silent,
  ] = await Promise.all(paths.map(ask));
  return { models, plainModels, info, props, version, tags, studio };
}

/** An API without a list is known by what it says to an empty question. */
async function withoutList(
  root: string,
  asker: Asker,
  { models, plainModels }: Answers,
  circumstances: Circumstances,
): Promise<DiscoveredServer> {
  const told = answerFault(models, circumstances) ?? answerFault(plainModels, circumstances);
  if (told && told.details?.fault !== 'page') throw told;
  for (const base of ['/v1', '']) {
    const answer = await asker.ask(`${base}/chat/completions`, { messages: [] });
    if (isRefusal(answer)) throw answerFault(answer, circumstances) ?? noApiFault(circumstances);
    const isApi = [400, 422].includes(answer.status) && isRecord(answer.value);
    if (isApi) return { flavour: 'unknown', backend: 'openai', url: root + base, models: [] };
  }
  throw told ?? noApiFault(circumstances);
}

/** The lists of these two are open to all, so that only another place tells whether the key is good. */
async function checkKey(
  flavour: ServerFlavour,
  { props }: Answers,
  asker: Asker,
  circumstances: Circumstances,
): Promise<void> {
  if (flavour !== 'tgi' && flavour !== 'llama.cpp') return;
  const telling = flavour === 'tgi' ? await asker.ask('/tokenize', { inputs: 'a' }) : props;
  const fault = isRefusal(telling) ? answerFault(telling, circumstances) : undefined;
  if (fault) throw fault;
}

function isRefusal({ status }: Answer): boolean {
  return status === 401 || status === 403;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function driverOf(flavour: ServerFlavour): DiscoveredServer['backend'] {
  return flavour === 'tgi' || flavour === 'ollama' ? flavour : 'openai';
}

/** Where `/models` was, or `/v1` where there is no list. */
function baseOf(root: string, { models, plainModels }: Answers): string {
  const isPlain = models.status >= 400 && plainModels.status >= 200 && plainModels.status < 300;
  return isPlain ? root : `${root}/v1`;
}

function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'backend-unreachable';
}

/** Docker, Podman, and what Kubernetes starts, leave one of these. */
function isInContainer(): boolean {
  return ['/.dockerenv', '/run/.containerenv', '/var/run/secrets/kubernetes.io'].some((path) =>
    existsSync(path),
  );
}
