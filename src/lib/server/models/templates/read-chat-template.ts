import { resolve } from 'node:path';
import type { ChatTemplateOptions } from '../chat-template';
import { builtInTemplates, type BuiltInTemplate } from './built-in';
import type { ChatTemplateConfig } from './chat-template-config';
import { compileTemplate } from './compile';
import { readTemplateFile } from './template-file';
import { turnMarksIn } from './turn-marks';

/**
 * The chat template that a configuration names; relative paths of files begin at `baseDir`. Throws `config-invalid` with
 * words for whoever wrote it.
 */
export async function readChatTemplate(
  config: ChatTemplateConfig,
  baseDir: string,
): Promise<ChatTemplateOptions> {
  const { bosToken, eosToken, specialTokens = [], variables, writesBos } = config;
  const source = await sourceOf(config, baseDir);
  return {
    ...source,
    bosToken: bosToken ?? source.bosToken,
    eosToken: eosToken ?? source.eosToken,
    specialTokens: [...new Set([...source.specialTokens, ...specialTokens])],
    ...(variables && { variables }),
    ...(writesBos !== undefined && { writesBos }),
  };
}

async function sourceOf(
  { jinja, builtIn, file, name, handlebars }: ChatTemplateConfig,
  baseDir: string,
): Promise<ChatTemplateOptions> {
  if (builtIn !== undefined) {
    const { bosToken, ...format }: BuiltInTemplate = builtInTemplates[builtIn];
    return { ...format, bosToken };
  }
  if (file !== undefined) {
    const { jinja: source, ...tokens } = await readTemplateFile(resolve(baseDir, file), name);
    return { ...tokens, template: compileTemplate('jinja', source), turnMarks: turnMarksIn(source) };
  }
  const [kind, source] =
    handlebars === undefined ? (['jinja', jinja ?? ''] as const) : (['handlebars', handlebars] as const);
  return { template: compileTemplate(kind, source), specialTokens: [], turnMarks: turnMarksIn(source) };
}
