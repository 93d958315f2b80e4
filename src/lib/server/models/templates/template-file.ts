import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../domain/errors';

/** What the files of a tokenizer say of its chat template. */
export interface TemplateFile {
  jinja: string;
  bosToken?: string;
  eosToken?: string;
  specialTokens: string[];
}

const token = z.union([z.string(), z.object({ content: z.string() })]).nullish();
const templates = z
  .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
  .nullish();
const added = z.object({ content: z.string(), special: z.boolean().default(false) });

// Other people's files: what is not used here is not looked at.
const configSchema = z.object({
  chat_template: templates,
  bos_token: token,
  eos_token: token,
  additional_special_tokens: z.array(token).nullish(),
  added_tokens_decoder: z.record(z.string(), added).nullish(),
});
const tokenizerSchema = z.object({ added_tokens: z.array(added).default([]) });

type Config = z.infer<typeof configSchema>;

/**
 * Reads a chat template as it comes with a model: from `tokenizer_config.json`, from a file of its own
 * (`chat_template.jinja`, or `.json` as processors have it), or from a folder with these. `name` chooses among several
 * templates; otherwise it is the one named `default`. Throws `config-invalid` whose message names the file.
 */
export async function readTemplateFile(path: string, name?: string): Promise<TemplateFile> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('config-invalid', `The chat template ${path} is not there.`, { cause });
  });
  const folder = found.isDirectory() ? path : dirname(path);
  const config = await readOptional(join(folder, 'tokenizer_config.json'), configSchema);
  const tokenizer = await readOptional(join(folder, 'tokenizer.json'), tokenizerSchema);
  const jinja = found.isDirectory() ? await templateIn(folder, config, name) : await templateOf(path, name);
  const [bosToken, eosToken] = [textOfToken(config?.bos_token), textOfToken(config?.eos_token)];
  const tokens = [...Object.values(config?.added_tokens_decoder ?? {}), ...(tokenizer?.added_tokens ?? [])];
  const named = [config?.bos_token, config?.eos_token, ...(config?.additional_special_tokens ?? [])];
  const special = [...tokens.filter((one) => one.special), ...named].map(textOfToken);
  return {
    jinja,
    ...(bosToken !== undefined && { bosToken }),
    ...(eosToken !== undefined && { eosToken }),
    specialTokens: [...new Set(special.filter((text) => text !== undefined && text !== ''))] as string[],
  };
}

/** Transformers takes the file of its own before what is in the configuration. */
async function templateIn(folder: string, config: Config | undefined, name?: string): Promise<string> {
  const own = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined);
  if (own !== undefined && name === undefined) return own;
  const processor = await readOptional(join(folder, 'chat_template.json'), configSchema);
  const template = chosen(config?.chat_template, name) ?? chosen(processor?.chat_template, name);
  return template ?? missing(folder, name);
}

async function templateOf(path: string, name?: string): Promise<string> {
  if (!path.endsWith('.json')) return readFile(path, 'utf8');
  return chosen((await readJson(path, configSchema)).chat_template, name) ?? missing(path, name);
}

function chosen(given: z.infer<typeof templates>, name = 'default'): string | undefined {
  if (typeof given === 'string') return name === 'default' ? given : undefined;
  const found = given?.find((one) => one.name === name);
  return (found ?? (name === 'default' ? given?.[0] : undefined))?.template;
}

function missing(path: string, name: string | undefined): never {
  const which = name === undefined ? 'no chat template' : `no chat template named "${name}"`;
  throw new AppError('config-invalid', `There is ${which} in ${path}.`);
}

async function readOptional<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  return isThere ? readJson(file, schema) : undefined;
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new AppError('config-invalid', `${file} cannot be read as the file of a tokenizer.`, { cause });
  }
}

function textOfToken(value: z.infer<typeof token>): string | undefined {
  return typeof value === 'string' ? value : value?.content;
}
