import { resolve } from 'node:path';
import { ChatTemplate, type ChatTemplateOptions } from '../chat-template';
import { builtInTemplates, type BuiltInTemplate } from './built-in';
import type { ChatTemplateConfig } from './chat-template-config';
import { compileTemplate } from './compile';
import { readTemplateFile } from './template-file';
import { turnMarksIn } from './turn-marks';

/** A chat template of a configuration with its file, if it has one, read. Plain data, compared as such. */
export type ReadChatTemplate = Omit<ChatTemplateConfig, 'file' | 'name'>;

/**
 * Reads the file of a chat template, which begins at `baseDir` where its path is relative, and tries the template. Throws
 * `config-invalid` with words for whoever wrote it.
 */
export async function readChatTemplate(
  { file, name, ...config }: ChatTemplateConfig,
  baseDir: string,
): Promise<ReadChatTemplate> {
  const { specialTokens = [] } = config;
  const found = file === undefined ? undefined : await readTemplateFile(resolve(baseDir, file), name);
  const read = found
    ? { ...found, ...config, specialTokens: [...new Set([...found.specialTokens, ...specialTokens])] }
    : config;
  new ChatTemplate(templateOptions(read));
  return read;
}

/** What a template is made with. Throws `config-invalid` for a text that is no template. */
export function templateOptions(read: ReadChatTemplate): ChatTemplateOptions {
  const {
    builtIn,
    jinja = '',
    handlebars,
    bosToken,
    eosToken,
    specialTokens = [],
    variables,
    writesBos,
  } = read;
  const kind = handlebars === undefined ? 'jinja' : 'handlebars';
  const source = handlebars ?? jinja;
  const format: BuiltInTemplate | undefined = builtIn && builtInTemplates[builtIn];
  return {
    ...(format ?? { template: compileTemplate(kind, source), turnMarks: turnMarksIn(source) }),
    bosToken: bosToken ?? format?.bosToken,
    eosToken: eosToken ?? format?.eosToken,
    specialTokens: [...new Set([...(format?.specialTokens ?? []), ...specialTokens])],
    ...(variables && { variables }),
    ...(writesBos !== undefined && { writesBos }),
  };
}
