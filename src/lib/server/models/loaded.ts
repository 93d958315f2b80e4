import type { ModelCapabilities } from '../../domain/model-summary';
import type { GenerationParameters } from '../../domain/parameters';
import type { Backend, BackendFacts } from '../backends/backend';
import { describeFolder } from '../backends/local/folder-description';
import type { FolderFacts } from '../backends/local/model-folder';
import type { Prompts } from './model';
import type { ModelConfig } from './model-config';
import { longestAnswer } from './prompt-fitter';
import { PromptMaker } from './prompt-maker';
import { templateOf } from './templates/template-of';
import { Text2textPrompts } from './text2text-prompts';
import type { TokenCounter } from './token-counter';

/** Of a server that does not say. */
export const defaultContextLength = 8192;

/** What is known of a model once its files are read, or its server was asked. */
export interface Loaded {
  contextLength: number;
  parameters: GenerationParameters;
  prompts: Prompts;
  /** What its files or its server say of it, for people. */
  description: string | undefined;
}

/** What a backend and its server say of a model. */
export interface KnownOfBackend {
  counter: TokenCounter;
  accepts: Backend['accepts'];
  capabilities: ModelCapabilities;
  facts?: BackendFacts;
  /** The server refused more than this, whatever else is said of its context. */
  contextLimit?: number;
}

/**
 * Puts together what a configuration entry says, and below it the files of the model or its server. Throws
 * `config-invalid` for a bad template.
 */
export function promptsOf(
  config: ModelConfig,
  folder: FolderFacts | undefined,
  { counter, accepts, capabilities, facts, contextLimit = Infinity }: KnownOfBackend,
): Loaded {
  const said = folder?.contextLength ?? facts?.contextLength;
  const [first, then] = isOperators(config) ? [config.contextLength, said] : [said, config.contextLength];
  const contextLength = Math.min(first ?? then ?? defaultContextLength, contextLimit);
  const usual = accepts.includes('messages') ? {} : { max_new_tokens: longestAnswer };
  const parameters = { ...usual, ...folder?.parameters, ...config.parameters };
  const { systemPrompt, parameterLimits: limits = {} } = config;
  const own = systemPrompt === undefined ? { parameters } : { systemPrompt, parameters };
  const options = { contextLength, own, limits, counter };
  const canChat = accepts.includes('messages') || accepts.includes('prompt');
  const isText2text = folder?.task === 'text2text-generation' || !canChat;
  return {
    contextLength,
    parameters,
    description: folder ? describeFolder(folder) : facts?.description,
    prompts: isText2text
      ? new Text2textPrompts({ ...options, choices: capabilities.text2text?.choices ?? [] })
      : new PromptMaker({
          ...options,
          canCompleteRaw: capabilities.completion === true,
          template: templateOf(config, folder, accepts),
          ...(config.systemRole !== undefined && { systemRole: config.systemRole }),
        }),
  };
}

/**
 * Whether the entry was written by a person, whose word counts. Otherwise it is what a server says in its list of models,
 * and its driver knows better.
 */
export function isOperators({ origin }: ModelConfig): boolean {
  return origin === 'listed' || origin === 'local';
}
