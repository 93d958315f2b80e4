import { createHash } from 'node:crypto';
import type { Message } from '../../domain/message';
import { AppError } from '../../domain/errors';
import type { ImageLimits } from '../../domain/model-summary';
import { textOf } from '../../domain/parts';
import { imageMark, type GenerateInput, type PromptImage } from '../backends/backend';
import { promptMessages, type ChatTemplate } from './chat-template';
import { seenImages } from './prompt-images';
import { withSystemFolded } from './templates/compiled-template';

export interface RenderOptions {
  systemPrompt: string | undefined;
  messages: readonly Message[];
  /** Text that the answer starts with. */
  prefix: string;
  /** Without chat template and system prompt. */
  isRaw: boolean;
  /** Absent: the model sees no images. */
  images?: ImageLimits | undefined;
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
  { systemPrompt, messages: path, prefix, isRaw, images: limits, systemRole = true }: RenderOptions,
): GenerateInput {
  if (isRaw) {
    const texts = path.map(
      ({ parts }) => imageMark.repeat(seenImages(parts, limits).length) + withoutMarks(textOf(parts)),
    );
    const images = path.flatMap(({ parts }) => seenImages(parts, limits));
    return promptWith(texts.join('') + withoutMarks(prefix), images);
  }
  const messages = promptMessages(systemPrompt, path, limits);
  if (!template) {
    const taken = systemRole ? messages : withSystemFolded(messages);
    return { kind: 'messages', messages: taken, prefix };
  }
  const images = messages.flatMap((message) => message.images ?? []);
  return { ...promptWith(template.render(messages, prefix), images), conversation: { prefix } };
}

/** A rendered prompt with its images. Each must have its place: a template that leaves out a message loses what is in it. */
function promptWith(prompt: string, images: PromptImage[]): GenerateInput & { kind: 'prompt' } {
  if (prompt.split(imageMark).length - 1 !== images.length) {
    throw new AppError('backend-rejected', 'The chat template of the model has no place for these images.');
  }
  return { kind: 'prompt', prompt, ...(images.length > 0 && { images }) };
}

function withoutMarks(text: string): string {
  return text.replaceAll(imageMark, '');
}

/** Exactly what the backend is given, as one text: the prompt itself (`imageMark` for an image), or JSON for everything else. */
export function renderedText(input: GenerateInput): string {
  if (input.kind === 'prompt' && input.suffix === undefined) return input.prompt;
  const { kind: _kind, ...given } = input;
  return JSON.stringify(given, null, 2);
}

/** SHA-256 of exactly what the backend is given, in base64url. */
export function promptHash(input: GenerateInput): string {
  const images = input.kind === 'prompt' && input.images ? `\n${JSON.stringify(input.images)}` : '';
  return createHash('sha256')
    .update(`${input.kind}\n${renderedText(input)}${images}`)
    .digest('base64url');
}
