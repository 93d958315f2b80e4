import { Template } from '@huggingface/jinja';
import { AppError } from '../../domain/errors';
import type { Message } from '../../domain/message';
import type { ImageLimits } from '../../domain/model-summary';
import { textOf } from '../../domain/parts';
import { imageMark, type PromptMessage } from '../backends/backend';
import { seenImages, textInsteadOf } from './prompt-images';

export interface ChatTemplateOptions {
  /** Jinja, as in `tokenizer_config.json`. */
  template: string;
  bosToken?: string | undefined;
  eosToken?: string | undefined;
  /** Texts that the tokenizer reads as control tokens. */
  specialTokens: readonly string[];
}

/** For a model that was never trained to chat: it goes on from the texts as they stand. */
export const plainTemplate =
  "{{ bos_token }}{% for message in messages %}{% if message.content != '' %}{{ message.content }}\n\n{% endif %}{% endfor %}";

/** Turns messages into the one text that a model was trained on. */
export class ChatTemplate {
  private readonly template: Template;
  readonly specialTokens: readonly string[];

  /** Throws `config-invalid` when the template is not Jinja. */
  constructor(private readonly options: ChatTemplateOptions) {
    this.specialTokens = options.specialTokens;
    try {
      this.template = new Template(options.template);
    } catch (cause) {
      throw new AppError('config-invalid', 'The chat template of the model cannot be read.', { cause });
    }
  }

  /** What every prompt with this system prompt begins with: all up to the first word of the person. */
  beginning(systemPrompt: string): string {
    const [one, other] = ['a', 'b'].map((content) =>
      this.render([
        { role: 'system', content: systemPrompt },
        { role: 'user', content },
      ]),
    ) as [string, string];
    let length = 0;
    while (length < one.length && one[length] === other[length]) length += 1;
    return one.slice(0, length);
  }

  /** The prompt for the next answer, which starts with `prefix`. */
  render(messages: readonly PromptMessage[], prefix = ''): string {
    const { bosToken, eosToken, specialTokens } = this.options;
    try {
      const prompt = this.template.render({
        messages: messages.map(({ role, content, images = [] }) => ({
          role,
          content: imageMark.repeat(images.length) + harmless(content, specialTokens),
        })),
        add_generation_prompt: true,
        bos_token: bosToken ?? '',
        eos_token: eosToken ?? '',
      });
      return prompt + harmless(prefix, specialTokens);
    } catch (cause) {
      throw new AppError('backend-rejected', 'The chat template of the model refuses this conversation.', {
        cause,
      });
    }
  }
}

/**
 * The path of a conversation as a prompt has it, after the system prompt. What a person says in several messages is one
 * turn (the answer between them was deleted, say): most templates refuse two in a row. `limits` say which images the
 * model sees; absent: none.
 */
export function promptMessages(
  systemPrompt: string | undefined,
  path: readonly Message[],
  limits?: ImageLimits,
): PromptMessage[] {
  const messages: PromptMessage[] = [];
  for (const { role, parts } of path) {
    const last = messages.at(-1);
    const content = textOf(parts) || textInsteadOf(parts, limits);
    const images = seenImages(parts, limits);
    if (role === 'user' && last?.role === 'user') {
      last.content = [last.content, content].filter((text) => text !== '').join('\n\n');
      if (images.length > 0) last.images = [...(last.images ?? []), ...images];
    } else messages.push({ role, content, ...(images.length > 0 && { images }) });
  }
  return systemPrompt === undefined ? messages : [{ role: 'system', content: systemPrompt }, ...messages];
}

/** Text of a person or a model that can neither end a turn nor stand for an image. */
function harmless(text: string, specialTokens: readonly string[]): string {
  return withoutSpecials(text.replaceAll(imageMark, ''), specialTokens);
}

/**
 * Text in which no control token is left: one that somebody types or pastes must not end a turn or begin a system
 * message. A space after its first character keeps it readable and takes its power.
 */
export function withoutSpecials(text: string, specialTokens: readonly string[]): string {
  let safe = text;
  for (const token of specialTokens) {
    if (token.length > 1 && safe.includes(token))
      safe = safe.replaceAll(token, `${token[0]} ${token.slice(1)}`);
  }
  return safe;
}
