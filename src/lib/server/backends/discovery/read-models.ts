import { z } from 'zod';
import { usualImages, type ModelCapabilities } from '../../../domain/model-summary';
import type { DiscoveredModel } from './discovered';

/** What is longer or more than this is not of a list of models. */
const maxModels = 5000;
const maxIdLength = 200;

const word = maybe(z.string().min(1));
const size = maybe(z.number().int().positive());
const words = maybe(z.array(z.string()));
/** A list of names, or an object that has `true` at them. */
const claims = maybe(
  z.union([
    z.array(z.string()),
    z
      .record(z.string(), z.unknown())
      .transform((record) => Object.keys(record).filter((key) => record[key] === true)),
  ]),
);
const provider = z
  .object({ status: word, context_length: size, supports_tools: maybe(z.boolean()) })
  .catch({ status: undefined, context_length: undefined, supports_tools: undefined });

const card = z.object({
  id: word,
  name: word,
  model: word,
  description: word,
  type: word,
  max_model_len: size,
  context_length: size,
  context_window: size,
  max_context_length: size,
  loaded_context_length: size,
  top_provider: maybe(z.object({ context_length: size })),
  providers: maybe(z.array(provider)),
  meta: maybe(z.object({ n_ctx_train: size })),
  architecture: maybe(z.object({ input_modalities: words, output_modalities: words })),
  supported_parameters: words,
  capabilities: claims,
});
type Card = z.infer<typeof card>;

/**
 * The models in what `/models`, `/v1/models`, `/api/v0/models` or `/api/tags` answered, of any server: `{ data: [...] }`,
 * `{ data: null }` (none is installed), `{ models: [...] }` or a bare list. `undefined` when it is no such list. Models
 * that make no text (images, speech) are left out; embeddings are marked.
 */
export function readModels(value: unknown): DiscoveredModel[] | undefined {
  const items = listIn(value);
  if (!items) return undefined;
  const models = items.slice(0, maxModels).flatMap((item) => readModel(item) ?? []);
  return [...new Map(models.map((model) => [model.id, model])).values()];
}

function listIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of ['data', 'models']) {
    const list = (value as Record<string, unknown>)[key];
    if (Array.isArray(list)) return list as unknown[];
  }
  const { data, models } = value as { data?: unknown; models?: unknown };
  return data === null || models === null ? [] : undefined;
}

function readModel(item: unknown): DiscoveredModel | undefined {
  const parsed = card.safeParse(typeof item === 'string' ? { id: item } : item);
  if (!parsed.success) return undefined;
  const read = parsed.data;
  const id = read.id ?? read.name ?? read.model;
  if (id === undefined || id.length > maxIdLength || !writesText(id, read)) return undefined;
  const contextLength = windowOf(read);
  const name = nameOf(id, read);
  return {
    id,
    ...(name !== undefined && { name }),
    ...(read.description !== undefined && { description: read.description.slice(0, 1000) }),
    ...(contextLength !== undefined && { contextLength }),
    capabilities: capabilitiesOf(read),
    ...(isEmbedding(id, read) && { isEmbedding: true }),
  };
}

/** A name that says more than the id: of a file, what it is called; otherwise what the server calls it. */
function nameOf(id: string, { name }: Card): string | undefined {
  if (name !== undefined && name !== id) return name.slice(0, 200);
  return /([^/\\]+)\.gguf$/iu.exec(id)?.[1];
}

function windowOf(read: Card): number | undefined {
  const live = read.providers?.filter(({ status }) => status !== 'error') ?? [];
  const ofProviders = live.flatMap(({ context_length }) => context_length ?? []);
  return (
    read.loaded_context_length ??
    read.max_model_len ??
    read.context_length ??
    read.context_window ??
    read.max_context_length ??
    read.top_provider?.context_length ??
    // Nobody knows which of them answers.
    (ofProviders.length > 0 ? Math.min(...ofProviders) : undefined) ??
    // What it was made for, which is not always what runs.
    read.meta?.n_ctx_train
  );
}

function capabilitiesOf(read: Card): ModelCapabilities {
  const claimed = new Set(read.capabilities);
  const inputs = read.architecture?.input_modalities ?? [];
  const known = read.supported_parameters ?? [];
  const seesImages =
    inputs.includes('image') || inputs.includes('vision') || read.type === 'vlm' || claimed.has('vision');
  const usesTools =
    read.providers?.some(({ supports_tools }) => supports_tools === true) === true ||
    known.includes('tools') ||
    ['tools', 'tool_use', 'function_calling'].some((name) => claimed.has(name));
  const reasons = known.includes('reasoning') || ['thinking', 'reasoning'].some((name) => claimed.has(name));
  return {
    ...(seesImages && { images: usualImages }),
    ...(usesTools && { tools: true }),
    ...(reasons && { reasoning: true }),
    ...(claimed.has('insert') && { fillInTheMiddle: true }),
  };
}

function isEmbedding(id: string, { type, capabilities = [] }: Card): boolean {
  if (type !== undefined && /^(?:embeddings?|rerank)$/u.test(type)) return true;
  if (capabilities.includes('embedding')) return !capabilities.includes('completion');
  return type === undefined && /embed|rerank/iu.test(id);
}

/** OpenAI lists all that it has and says of none what it does. */
const speechAndImages = /^(?:tts-|whisper-|dall-e|gpt-image|sora-|text-moderation|omni-moderation)/u;

function writesText(id: string, { type, architecture }: Card): boolean {
  if (type !== undefined && /^(?:image|audio|video|moderation|transcribe)$/u.test(type)) return false;
  const outputs = architecture?.output_modalities;
  return outputs ? outputs.includes('text') : !speechAndImages.test(id);
}

/** Absent, where a server has something else there: what it says besides is still of use. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}
