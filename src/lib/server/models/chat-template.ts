import { AppError } from '../../domain/errors';
import type { Message } from '../../domain/message';
import type { ImageLimits } from '../../domain/model-summary';
import { textOf } from '../../domain/parts';
import { withAnswerStart } from '../backends/answer-start';
import { imageMark, type PromptMessage } from '../backends/backend';
import { seenImages, textInsteadOf } from './prompt-images';
import { compileTemplate, wordsOf } from './templates/compile';
import { TemplateRefusal, withSystemFolded, type CompiledTemplate } from './templates/compiled-template';
import { contentFormOf, inForm, type ContentForm } from './templates/content-form';

export interface ChatTemplateOptions {
  /** Jinja, as in `tokenizer_config.json`, or what was compiled from something else. */
  template: string | CompiledTemplate;
  bosToken?: string | undefined;
  eosToken?: string | undefined;
  /** Texts that the tokenizer reads as control tokens. */
  specialTokens: readonly string[];
  /** Texts that mark turns without being tokens of their own. */
  turnMarks?: readonly string[];
  /** What the template may ask for besides. */
  variables?: Readonly<Record<string, unknown>>;
  /** Whether the model takes system prompts; absent: whether the template writes them. */
  systemRole?: boolean | undefined;
  /** `false` where a server puts the `bosToken` before each prompt itself, and would have it twice. */
  writesBos?: boolean;
}

/** For a model that was never trained to chat: it goes on from the texts as they stand. */
export const plainTemplate =
  "{{ bos_token }}{% for message in messages %}{% if message.content != '' %}{{ message.content }}\n\n{% endif %}{% endfor %}";

/** Turns messages into the one text that a model was trained on. */
export class ChatTemplate {
  readonly specialTokens: readonly string[];
  private readonly template: CompiledTemplate;
  private readonly form: ContentForm;
  /** What nobody may write for the template. */
  private readonly marks: readonly string[];

  /** Throws `config-invalid` when the template cannot be read, or does not even write one short question. */
  constructor(private readonly options: ChatTemplateOptions) {
    const { template, specialTokens, turnMarks = [] } = options;
    this.specialTokens = specialTokens;
    this.template = typeof template === 'string' ? compileTemplate('jinja', template) : template;
    try {
      this.form = contentFormOf(this.template, this.fixed);
    } catch (cause) {
      throw broken(cause);
    }
    const { imageText = '' } = this.form;
    this.marks = [...new Set([...specialTokens, ...turnMarks, imageText])];
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

  /**
   * The prompt for the next answer, which starts with `prefix`; `imageMark` stands where an image belongs. Throws
   * `backend-rejected` with the template's own words when the model does not take such a conversation.
   */
  render(messages: readonly PromptMessage[], prefix = ''): string {
    const { bosToken = '', systemRole = this.form.takesSystem, writesBos = true } = this.options;
    const safe = messages.map((message) => ({ ...message, content: this.disarmed(message.content) }));
    const taken = systemRole ? safe : withSystemFolded(safe);
    const prompt = withAnswerStart(this.withImages(taken), this.disarmed(prefix));
    return !writesBos && bosToken !== '' && prompt.startsWith(bosToken)
      ? prompt.slice(bosToken.length)
      : prompt;
  }

  private withImages(messages: readonly PromptMessage[]): string {
    const { imageText } = this.form;
    const images = messages.reduce((sum, message) => sum + (message.images?.length ?? 0), 0);
    if (images > 0 && imageText !== undefined) {
      const pieces = this.write(messages, this.form).split(imageText);
      if (pieces.length === images + 1) return pieces.join(imageMark);
    }
    const { imageText: _, ...form } = this.form;
    return this.write(messages, form);
  }

  private write(messages: readonly PromptMessage[], form: ContentForm): string {
    try {
      return this.template({ ...this.fixed, messages: messages.map((message) => inForm(message, form)) });
    } catch (cause) {
      if (!(cause instanceof TemplateRefusal)) throw broken(cause);
      const words = wordsOf(cause);
      throw new AppError('backend-rejected', `The model does not take this conversation: ${words}`, {
        cause,
      });
    }
  }

  private get fixed() {
    const { bosToken = '', eosToken = '', variables = {} } = this.options;
    return { bosToken, eosToken, variables };
  }

  private disarmed(text: string): string {
    return withoutSpecials(text.replaceAll(imageMark, ''), this.marks);
  }
}

function broken(cause: unknown): AppError {
  return new AppError('config-invalid', `The chat template of the model has a fault: ${wordsOf(cause)}`, {
    cause,
  });
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
