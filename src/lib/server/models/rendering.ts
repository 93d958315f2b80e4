import { createHash } from 'node:crypto';
import type { Message } from '../../domain/message';
import type { GenerateInput } from '../backends/backend';
import { promptMessages, type ChatTemplate } from './chat-template';

export interface RenderOptions {
  systemPrompt: string | undefined;
  messages: readonly Message[];
  /** Text that the answer starts with. */
  prefix: string;
}

/** What a backend is given: the text of the chat template, or the messages when a server has its own. */
export function renderInput(
  template: ChatTemplate | undefined,
  { systemPrompt, messages: path, prefix }: RenderOptions,
): GenerateInput {
  const messages = promptMessages(systemPrompt, path);
  if (!template) return { kind: 'messages', messages, prefix };
  return { kind: 'prompt', prompt: template.render(messages, prefix) };
}

/** Exactly what the backend is given, as one text: the prompt itself, or JSON for everything else. */
export function renderedText(input: GenerateInput): string {
  if (input.kind === 'prompt' && input.suffix === undefined) return input.prompt;
  const { kind: _kind, ...given } = input;
  return JSON.stringify(given, null, 2);
}

/** SHA-256 of exactly what the backend is given, in base64url. */
export function promptHash(input: GenerateInput): string {
  return createHash('sha256')
    .update(`${input.kind}\n${renderedText(input)}`)
    .digest('base64url');
}
