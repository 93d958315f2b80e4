import { z } from 'zod';
import { readModels } from './read-models';
import { usualImages } from '../../../domain/model-summary';
import type { DiscoveredModel, ServerFlavour } from './discovered';
import type { Answer } from './asker';

/** What the places where servers say who they are answered, below one root. */
export interface Answers {
  /** `/v1/models`. */
  models: Answer;
  /** `/models`: of servers whose API has no version in its path, or another. */
  plainModels: Answer;
  /** `/info` of TGI. */
  info: Answer;
  /** `/props` of llama.cpp. */
  props: Answer;
  /** `/api/version` and `/api/tags` of Ollama. */
  version: Answer;
  tags: Answer;
  /** `/api/v0/models` of LM Studio. */
  studio: Answer;
}

/** Who speaks, and what it has. */
export interface Recognised {
  flavour: ServerFlavour;
  models: DiscoveredModel[];
}

const size = z.number().int().positive().optional().catch(undefined);

const infoSchema = z.object({
  model_id: z.string().min(1),
  model_pipeline_tag: z.string().nullish().catch(undefined),
  max_total_tokens: z.number().int().positive(),
});

const propsSchema = z.object({
  default_generation_settings: z.object({ n_ctx: size }),
  modalities: z
    .object({ vision: z.boolean().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const studioSchema = z.object({
  data: z
    .array(z.object({ type: z.string(), state: z.string().optional() }))
    .refine((list) => list.every(({ type }) => ['llm', 'vlm', 'embeddings'].includes(type))),
});

const listSchema = z.object({
  data: z.array(z.looseObject({ owned_by: z.string().optional().catch(undefined) })).min(1),
});

/** The server whose answers these are; `undefined` when no list of models and no word of who it is are among them. */
export function recognise(answers: Answers, root: string): Recognised | undefined {
  return (
    recogniseTgi(answers) ??
    recogniseOllama(answers) ??
    recogniseStudio(answers) ??
    recogniseLlamaCpp(answers) ??
    recogniseByList(answers, root)
  );
}

/** Servers of embeddings have an `/info` too, without a length of the answer. */
function recogniseTgi({ info }: Answers): Recognised | undefined {
  const parsed = infoSchema.safeParse(good(info));
  if (!parsed.success) return undefined;
  const { model_id: id, model_pipeline_tag: task, max_total_tokens: contextLength } = parsed.data;
  const capabilities = {
    ...(task === 'image-text-to-text' && { images: usualImages }),
    ...(task !== 'text2text-generation' && { completion: true }),
  };
  return { flavour: 'tgi', models: [{ id, contextLength, capabilities }] };
}

/** Others have an `/api/version`, or a list in this form; nobody else has both. */
function recogniseOllama({ version, tags }: Answers): Recognised | undefined {
  if (!z.object({ version: z.string() }).safeParse(good(version)).success) return undefined;
  const models = readModels(good(tags));
  return models && { flavour: 'ollama', models };
}

function recogniseStudio({ studio }: Answers): Recognised | undefined {
  const value = good(studio);
  if (!studioSchema.safeParse(value).success) return undefined;
  return { flavour: 'lm-studio', models: readModels(value) ?? [] };
}

function recogniseLlamaCpp(answers: Answers): Recognised | undefined {
  const models = listOf(answers) ?? [];
  const props = propsSchema.safeParse(good(answers.props));
  if (!props.success) return ownerOf(answers) === 'llamacpp' ? { flavour: 'llama.cpp', models } : undefined;
  const { default_generation_settings: settings, modalities } = props.data;
  const known = {
    // What runs, which may be less than what the weights allow.
    ...(settings.n_ctx !== undefined && { contextLength: settings.n_ctx }),
  };
  const capabilities = {
    completion: true,
    ...(modalities?.vision === true && { images: usualImages }),
  };
  const completed = models.map((model) => ({
    ...model,
    // It says so of the one model that runs.
    ...(models.length === 1 && known),
    capabilities: { ...model.capabilities, ...(models.length === 1 && capabilities) },
  }));
  return { flavour: 'llama.cpp', models: completed };
}

function recogniseByList(answers: Answers, root: string): Recognised | undefined {
  const models = listOf(answers);
  if (!models) return undefined;
  const host = new URL(root).hostname;
  if (host === 'router.huggingface.co') return { flavour: 'hf-router', models };
  if (host === 'openrouter.ai') return { flavour: 'openrouter', models };
  if (host === 'api.openai.com') return { flavour: 'openai', models };
  const owner = ownerOf(answers);
  // What llama-cpp-python says of itself is no more than this.
  const flavour = owner === 'vllm' ? owner : isLlamaCppPython(answers) ? 'llama-cpp-python' : undefined;
  if (!flavour) return { flavour: 'unknown', models };
  const withCompletion = models.map((model) => ({
    ...model,
    capabilities: { ...model.capabilities, completion: true },
  }));
  return { flavour, models: withCompletion };
}

function listOf({ models, plainModels }: Answers): DiscoveredModel[] | undefined {
  return readModels(good(models)) ?? readModels(good(plainModels));
}

/** Its owner is "me", and beside it stands an empty list of permissions. */
function isLlamaCppPython({ models }: Answers): boolean {
  const me = z.object({ owned_by: z.literal('me'), permissions: z.array(z.unknown()).length(0) });
  return z.object({ data: z.array(me).min(1) }).safeParse(good(models)).success;
}

/** Who the first model of the list belongs to: several programs put their own name there. */
function ownerOf({ models, plainModels }: Answers): string | undefined {
  const parsed = listSchema.safeParse(good(models) ?? good(plainModels));
  return parsed.success ? parsed.data.data[0]?.owned_by : undefined;
}

function good({ status, value }: Answer): unknown {
  return status >= 200 && status < 300 ? value : undefined;
}
