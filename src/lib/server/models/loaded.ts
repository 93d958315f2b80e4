import { parameterTable, type GenerationParameters } from '../../domain/parameters';
import { describeFolder } from '../backends/local/folder-description';
import type { FolderFacts } from '../backends/local/model-folder';
import { ChatTemplate, plainTemplate } from './chat-template';
import type { Prompts } from './model';
import type { ModelConfig } from './model-config';
import { PromptMaker, type PromptMakerOptions } from './prompt-maker';
import { Text2textPrompts } from './text2text-prompts';

/** Of a server that does not say. */
export const defaultContextLength = 8192;

const defaultParameters: GenerationParameters = {
  max_new_tokens: parameterTable.max_new_tokens.default,
};

/** What is known of a model once its files are read. */
export interface Loaded {
  contextLength: number;
  parameters: GenerationParameters;
  prompts: Prompts;
  /** What its files say of it, for people. */
  description: string | undefined;
}

/** Puts together what a configuration entry and the files of a model say. Throws `config-invalid` for a bad template. */
export function promptsOf(
  config: ModelConfig,
  folder: FolderFacts | undefined,
  backend: Pick<PromptMakerOptions, 'counter' | 'canCompleteRaw' | 'images'>,
): Loaded {
  const contextLength = config.contextLength ?? folder?.contextLength ?? defaultContextLength;
  const parameters = { ...defaultParameters, ...folder?.parameters, ...config.parameters };
  const { systemPrompt } = config;
  const options = {
    contextLength,
    own: systemPrompt === undefined ? { parameters } : { systemPrompt, parameters },
    counter: backend.counter,
  };
  return {
    contextLength,
    parameters,
    description: folder && describeFolder(folder),
    prompts:
      folder?.task === 'text2text-generation'
        ? new Text2textPrompts(options)
        : new PromptMaker({ ...options, ...backend, template: templateOf(config, folder) }),
  };
}

function templateOf(config: ModelConfig, folder: FolderFacts | undefined): ChatTemplate | undefined {
  const template = config.chatTemplate ?? folder?.chatTemplate ?? (folder && plainTemplate);
  if (template === undefined) return undefined;
  return new ChatTemplate({
    template,
    bosToken: folder?.bosToken,
    eosToken: folder?.eosToken,
    specialTokens: folder?.specialTokens ?? [],
  });
}
