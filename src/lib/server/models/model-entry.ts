import { z } from 'zod';
import { serverBackends } from '../../domain/connection';
import { parametersSchema } from '../../domain/parameter-schema';
import { maxTaskLength } from '../../domain/settings';
import { parameterNames, type ParameterName } from '../../domain/parameters';
import type { ParameterLimit } from '../../domain/model-summary';
import { backendConfigSchema } from '../backends/index';
import { serverFields } from '../backends/http/endpoint-config';
import { chatTemplateSchema } from './templates/chat-template-config';

/** Who may use a model; whom it is not for does not see it. */
const access = z.enum(['everyone', 'admin']).optional();

const limitSchema: z.ZodType<ParameterLimit> = z
  .strictObject({ min: z.number(), max: z.number(), isFixed: z.boolean() })
  .partial()
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, { error: 'min is more than max' });

const limitsSchema = z.strictObject(
  Object.fromEntries(parameterNames.map((name) => [name, limitSchema.optional()])),
) as z.ZodType<Partial<Record<ParameterName, ParameterLimit>>>;

/** What is left out of the limits of images is what nearly all servers take. */
const imagesSchema = z.union([
  z.literal(true).transform(() => ({})),
  z.strictObject({
    maxCount: z.int().min(1).max(1000).optional(),
    maxBytes: z.int().min(1000).max(100_000_000).optional(),
    maxPixels: z.int().min(16).max(100_000).optional(),
    mimeTypes: z
      .array(z.string().regex(/^image\/[a-z0-9.+-]+$/u))
      .min(1)
      .optional(),
  }),
]);

const capabilitiesSchema = z.strictObject({
  images: imagesSchema.optional(),
  reasoning: z.boolean().optional(),
  tools: z.boolean().optional(),
  completion: z.boolean().optional(),
  fillInTheMiddle: z.boolean().optional(),
  text2text: z
    .strictObject({
      name: z.string().min(1).max(100),
      choices: z
        .array(
          z.strictObject({
            id: z.string().min(1).max(maxTaskLength),
            label: z.string().min(1).max(200),
            prefix: z.string().max(1000).optional(),
          }),
        )
        .max(2000)
        .optional(),
    })
    .optional(),
});

/** One model of the file. What is absent comes from the model's own files or its server, where they say it. */
export const modelEntrySchema = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(200).optional(),
  description: z.string().max(1000).optional(),
  /** Path of a picture, from the folder of the file on, or a `data:` address. */
  logo: z.string().min(1).max(1_500_000).optional(),
  /** Label to address. */
  links: z.record(z.string().min(1).max(100), z.url({ protocol: /^https?$/u })).optional(),
  /** Of conversations that set none. Empty is not the same as absent: some templates add one of their own then. */
  systemPrompt: z.string().max(100_000).optional(),
  promptExamples: z
    .array(z.strictObject({ title: z.string().min(1).max(200), prompt: z.string().min(1).max(10_000) }))
    .max(50)
    .optional(),
  /** Over the model's own defaults. */
  parameters: parametersSchema.optional(),
  /** What people may set. */
  parameterLimits: limitsSchema.optional(),
  /** Instead of the model's own. */
  chatTemplate: chatTemplateSchema.optional(),
  /** Whether the model takes system prompts; otherwise they stand before what the person says first. Absent: found out. */
  systemRole: z.boolean().optional(),
  /** Tokens of prompt and answer together. */
  contextLength: z.int().min(64).max(10_000_000).optional(),
  capabilities: capabilitiesSchema.optional(),
  /** Folder with a `tokenizer.json`, or the file, to count tokens as a server does that does not say. */
  tokenizer: z.string().min(1).optional(),
  /** Not in lists; whoever knows its id can use it. */
  unlisted: z.boolean().optional(),
  /** It answers no more: the id of the model that its conversations go on with. */
  replacedBy: z.string().min(1).max(200).optional(),
  access,
  /** New conversations get it. */
  default: z.boolean().optional(),
  /** May be missing where the model is replaced. */
  backend: backendConfigSchema.optional(),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;

const { url, apiKey, headers, query, connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs, maxConcurrency } =
  serverFields;
const patterns = z.array(z.string().min(1).max(200)).max(1000).optional();

/** A server whose models are asked for. */
export const serverEntrySchema = z.strictObject({
  /** For people. */
  name: z.string().min(1).max(100).optional(),
  url,
  /** The driver to speak with it; absent: found out. */
  type: z.enum(serverBackends).optional(),
  apiKey,
  headers,
  query,
  /** Fields of every request. */
  body: z.record(z.string(), z.unknown()).optional(),
  /** Put before the ids of its models. */
  prefix: z.string().max(100).optional(),
  /** Ids of its models, `*` for any text; absent: all. */
  include: patterns,
  exclude: patterns,
  /** How often it is asked. */
  refreshMs: z.int().min(1000).max(86_400_000).optional(),
  access,
  connectTimeoutMs,
  firstByteTimeoutMs,
  idleTimeoutMs,
  maxConcurrency,
});
export type ServerEntry = z.infer<typeof serverEntrySchema>;

export const fileSchema = z.strictObject({
  servers: z.array(serverEntrySchema).max(100).optional(),
  models: z.array(modelEntrySchema).max(5000).optional(),
});

/** What a file of models says. */
export interface ModelsFile {
  servers: ServerEntry[];
  models: ModelEntry[];
}
