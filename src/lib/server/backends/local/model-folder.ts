import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../domain/errors';
import { parametersSchema } from '../../../domain/parameter-schema';
import { parameterNames, type GenerationParameters } from '../../../domain/parameters';
import type { DecoderShape } from './decoder';

/** A model folder in the layout of the Hugging Face Hub, read and checked; the weights are not loaded. */
export interface ModelFolder {
  path: string;
  graphPath: string;
  shape: DecoderShape;
  contextLength: number;
  eosTokenIds: number[];
  /** Of `generation_config.json`. */
  parameters: GenerationParameters;
  chatTemplate: string | undefined;
  bosToken: string | undefined;
  eosToken: string | undefined;
  specialTokens: string[];
  /** `tokenizer.json` and `tokenizer_config.json`, parsed. */
  tokenizer: { model: object; config: object };
}

const graphName = 'model_q4.onnx';
const ids = z.union([z.int(), z.array(z.int())]);
const token = z.union([z.string(), z.object({ content: z.string() })]).nullish();

// Other people's files: what is not used here is not looked at.
const configSchema = z.object({
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int().optional(),
  hidden_size: z.int(),
  head_dim: z.int().optional(),
  vocab_size: z.int(),
  max_position_embeddings: z.int(),
  eos_token_id: ids.nullish(),
  'transformers.js_config': z
    .object({ use_external_data_format: z.record(z.string(), z.union([z.int(), z.boolean()])).optional() })
    .optional(),
});
const generationConfigSchema = z.looseObject({
  eos_token_id: ids.nullish(),
  do_sample: z.boolean().optional(),
});
const tokenizerConfigSchema = z.looseObject({
  chat_template: z.string().optional(),
  bos_token: token,
  eos_token: token,
});
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ content: z.string(), special: z.boolean() })).default([]),
  decoder: z.looseObject({ type: z.string() }).nullish(),
});

/**
 * Reads a model folder. Throws `model-unavailable` whose message names the file and what is wrong with it, with
 * `details.remedy`: what to do.
 */
export async function readModelFolder(path: string): Promise<ModelFolder> {
  await stat(path).catch((cause: unknown) => {
    throw fault(
      `The model folder ${path} is not there.`,
      'Put the model there, or correct the path in MODELS.',
      cause,
    );
  });
  const config = await readJson(join(path, 'config.json'), configSchema);
  const generation = await readJson(join(path, 'generation_config.json'), generationConfigSchema, {});
  const tokenizerConfig = await readJson(join(path, 'tokenizer_config.json'), tokenizerConfigSchema);
  const tokenizer = await readJson(join(path, 'tokenizer.json'), tokenizerSchema);
  if (tokenizer.decoder?.type !== 'ByteLevel') {
    throw fault(
      `The tokenizer in ${path} is not of the byte-level kind.`,
      'Use a model with a byte-level tokenizer.',
    );
  }
  const graphPath = join(path, 'onnx', graphName);
  await checkWeights(graphPath, config['transformers.js_config']?.use_external_data_format?.[graphName]);
  return {
    path,
    graphPath,
    shape: {
      layers: config.num_hidden_layers,
      keyValueHeads: config.num_key_value_heads ?? config.num_attention_heads,
      headSize: config.head_dim ?? config.hidden_size / config.num_attention_heads,
      vocabulary: config.vocab_size,
      contextLength: config.max_position_embeddings,
    },
    contextLength: config.max_position_embeddings,
    eosTokenIds: [generation.eos_token_id ?? config.eos_token_id ?? []].flat(),
    parameters: defaultsOf(generation),
    chatTemplate: tokenizerConfig.chat_template,
    bosToken: textOfToken(tokenizerConfig.bos_token),
    eosToken: textOfToken(tokenizerConfig.eos_token),
    specialTokens: tokenizer.added_tokens.filter(({ special }) => special).map(({ content }) => content),
    tokenizer: { model: tokenizer, config: tokenizerConfig },
  };
}

/** The parameters of `generation_config.json` that we know; without `do_sample` its model is greedy. */
function defaultsOf({
  do_sample: isSampled = false,
  ...config
}: Record<string, unknown>): GenerationParameters {
  const known = Object.fromEntries(
    parameterNames.flatMap((name) =>
      config[name] === undefined || config[name] === null ? [] : [[name, config[name]]],
    ),
  );
  const parameters = parametersSchema.safeParse(known).data ?? {};
  return isSampled ? parameters : { ...parameters, temperature: 0 };
}

async function readJson<T>(path: string, schema: z.ZodType<T>, absent?: T): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (absent !== undefined) return undefined;
    throw fault(`The file ${path} is missing.`, `Copy ${basename(path)} of the model there again.`, cause);
  });
  if (text === undefined && absent !== undefined) return absent;
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch (cause) {
    throw fault(`The file ${path} is damaged.`, `Copy ${basename(path)} of the model there again.`, cause);
  }
}

async function checkWeights(graphPath: string, external: number | boolean | undefined): Promise<void> {
  const parts = Array.from({ length: Number(external ?? 0) }, (_, index) =>
    index === 0 ? `${graphPath}_data` : `${graphPath}_data_${String(index)}`,
  );
  for (const path of [graphPath, ...parts]) {
    const file = await open(path).catch((cause: unknown) => {
      throw fault(`The file ${path} is missing.`, `Copy ${basename(path)} of the model there again.`, cause);
    });
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
      if (bytesRead === 0) throw fault(`The file ${path} is empty.`, 'Copy it there again.');
      if (buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs')) {
        throw fault(
          `The file ${path} is only a pointer of Git LFS.`,
          'Run "git lfs pull" in the folder of the model.',
        );
      }
    } finally {
      await file.close();
    }
  }
}

function textOfToken(value: z.infer<typeof token>): string | undefined {
  return typeof value === 'string' ? value : value?.content;
}

/** A fault of a model, in a form in which the page can show it. */
export function fault(reason: string, remedy: string, cause?: unknown): AppError {
  return new AppError('model-unavailable', reason, {
    retryable: true,
    details: { remedy },
    ...(cause !== undefined && { cause }),
  });
}
