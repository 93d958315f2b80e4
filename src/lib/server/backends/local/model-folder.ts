import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parametersSchema } from '../../../domain/parameter-schema';
import { parameterNames, type GenerationParameters } from '../../../domain/parameters';
import { ids, readFolderConfig, type FolderConfig, type ModelTask } from './folder-config';
import { readJson } from './folder-json';
import { findGraphFiles, type Dtype, type GraphFiles } from './graph-files';
import { fault } from './model-fault';
import { readPieceStyle, type PieceStyle } from './piece-style';

/** A model folder in the layout of the Hugging Face Hub, read and checked; the weights are not loaded. */
export interface FolderFacts {
  path: string;
  task: ModelTask;
  /** As people write it: "Llama". */
  architecture: string;
  files: GraphFiles;
  vocabulary: number;
  /** Tokens of prompt and answer together; of an encoder-decoder model, those that its encoder reads. */
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

/** A folder whose model continues text. */
export interface ModelFolder extends FolderFacts {
  graphPath: string;
  pieces: PieceStyle;
}

/** Of a decoder that does not say. */
const usualContext = 2048;
/** What T5 was trained with, and most of its kind. */
const usualInput = 512;
/** Tokenizers without a limit write a number like 1e30. */
const longestInput = 1_000_000;

const token = z.union([z.string(), z.object({ content: z.string() })]).nullish();
const generationConfigSchema = z.looseObject({
  eos_token_id: ids.nullish(),
  do_sample: z.boolean().optional(),
});
const tokenizerConfigSchema = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
    .nullish(),
  bos_token: token,
  eos_token: token,
  model_max_length: z.number().positive().nullish(),
});
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ content: z.string(), special: z.boolean() })).default([]),
  decoder: z.unknown(),
});

/**
 * Reads the folder of a model of either task; `dtype` chooses among its graphs. Throws `model-unavailable` whose message
 * names the file and what is wrong with it, with `details.remedy`: what to do.
 */
export async function readFolder(path: string, dtype?: Dtype): Promise<FolderFacts> {
  await stat(path).catch((cause: unknown) => {
    throw fault(
      `The model folder ${path} is not there.`,
      'Put the model there, or correct the path in MODELS.',
      cause,
    );
  });
  const config = await readFolderConfig(path);
  const generation = await readJson(join(path, 'generation_config.json'), generationConfigSchema, {});
  const tokenizerConfig = await readJson(join(path, 'tokenizer_config.json'), tokenizerConfigSchema);
  const tokenizer = await readJson(join(path, 'tokenizer.json'), tokenizerSchema);
  const maxLength = tokenizerConfig.model_max_length ?? Infinity;
  return {
    path,
    task: config.task,
    architecture: config.architecture,
    files: await findGraphFiles(path, config.task, config.raw['transformers.js_config'], dtype),
    vocabulary: config.vocabulary,
    contextLength: contextOf(config, maxLength < longestInput ? maxLength : undefined),
    eosTokenIds: [generation.eos_token_id ?? config.raw.eos_token_id ?? []].flat(),
    parameters: defaultsOf(generation),
    chatTemplate: await chatTemplateOf(path, tokenizerConfig.chat_template),
    bosToken: textOfToken(tokenizerConfig.bos_token),
    eosToken: textOfToken(tokenizerConfig.eos_token),
    specialTokens: tokenizer.added_tokens.filter(({ special }) => special).map(({ content }) => content),
    tokenizer: { model: tokenizer, config: tokenizerConfig },
  };
}

/** As `readFolder`, for a model that continues text and whose tokenizer can be decoded token by token. */
export async function readModelFolder(path: string, dtype?: Dtype): Promise<ModelFolder> {
  const facts = await readFolder(path, dtype);
  const pieces = readPieceStyle(tokenizerSchema.parse(facts.tokenizer.model).decoder);
  if ('unknown' in pieces) {
    throw fault(
      `The tokenizer in ${path} writes its tokens in a way that is not known here (decoder: ${pieces.unknown}).`,
      'Use a model whose tokenizer is byte-level BPE or SentencePiece, as nearly all models that chat have.',
    );
  }
  return { ...facts, pieces, graphPath: facts.files.graphs[0] ?? '' };
}

/** T5 and its kind say with the tokenizer how much they read; decoders in the configuration. */
function contextOf({ task, contextLength }: FolderConfig, tokenizerLimit: number | undefined): number {
  return task === 'text-generation'
    ? (contextLength ?? tokenizerLimit ?? usualContext)
    : (tokenizerLimit ?? contextLength ?? usualInput);
}

/** The template named `default` of several; newer models have it in a file of its own. */
async function chatTemplateOf(
  path: string,
  inConfig: z.infer<typeof tokenizerConfigSchema>['chat_template'],
): Promise<string | undefined> {
  if (typeof inConfig === 'string') return inConfig;
  if (inConfig) return (inConfig.find(({ name }) => name === 'default') ?? inConfig[0])?.template;
  return readFile(join(path, 'chat_template.jinja'), 'utf8').catch(() => undefined);
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

function textOfToken(value: z.infer<typeof token>): string | undefined {
  return typeof value === 'string' ? value : value?.content;
}
