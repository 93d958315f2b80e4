import { join } from 'node:path';
import { ChatTemplate } from '../../../models/chat-template';
import { bundledModelId } from '../../../models/found-models';
import { projectRoot } from '../../../programs';
import type { GenerationParameters } from '../../../../domain/parameters';
import type { GenerateRequest } from '../../backend';
import { readModelFolder } from '../model-folder';

/** The folder of the bundled model. */
export const bundledPath = join(projectRoot(), 'models', bundledModelId);
const live = new AbortController().signal;

/** A request of the bundled model; without a scope nothing is kept for a later turn. */
export function ask(
  prompt: string,
  parameters: GenerationParameters = {},
  scope?: string,
  signal = live,
): GenerateRequest {
  return {
    kind: 'prompt',
    prompt,
    parameters: { max_new_tokens: 40, ...parameters },
    signal,
    ...(scope !== undefined && { cache: { scope } }),
  };
}

/** The prompt of a conversation whose turns are the person's and the model's by turns. */
export async function promptOf(...turns: string[]): Promise<string> {
  const { chatTemplate = '', specialTokens } = await readModelFolder(bundledPath);
  const messages = turns.map((content, index) => ({
    role: index % 2 ? ('assistant' as const) : ('user' as const),
    content,
  }));
  return new ChatTemplate({ template: chatTemplate, specialTokens }).render([
    { role: 'system', content: '' },
    ...messages,
  ]);
}
