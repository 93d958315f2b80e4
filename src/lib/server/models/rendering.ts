import { createHash } from 'node:crypto';
import type { Message } from '../../domain/message';
import type { GenerateInput } from '../backends/backend';
import { textOf } from '../../domain/parts';
import { promptMessages, type ChatTemplate } from './chat-template';
import { withSystemFolded } from './templates/compiled-template';

export interface RenderOptions {
  systemPrompt: string | undefined;
  messages: readonly Message[];
  /** Text that the answer starts with. */
  prefix: string;
  /** Without chat template and system prompt. */
  isRaw: boolean;
  /** `false` where a server that has the template itself takes no system prompts. */
  systemRole?: boolean;
}

/**
 * What a backend is given: the text of the chat template, the messages when a server has its own, or for a raw completion
 * the texts alone, with nothing between them. Control tokens stay as they are written there: no turn can be faked where
 * there is none, and who completes a text may write the template by hand.
 */
export function renderInput(
  template: ChatTemplate | undefined,
  { systemPrompt, messages: path, prefix, isRaw, systemRole = true }: RenderOptions,
): GenerateInput {
  if (isRaw) return { kind: 'prompt', prompt: path.map(({ parts }) => textOf(parts)).join('') + prefix };
  const messages = promptMessages(systemPrompt, path);
  if (!template) {
    const taken = systemRole ? messages : withSystemFolded(messages);
    return { kind: 'messages', messages: taken, prefix };
  }
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
