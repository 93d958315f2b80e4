import type { MessageRole } from '../../../domain/message';

/** A part of a message, in the form that templates of models that see iterate over. */
export type ContentPart = { type: 'text'; text: string } | { type: 'image' };

export interface TemplateMessage {
  role: MessageRole;
  content: string | ContentPart[];
}

export interface TemplateInput {
  messages: readonly TemplateMessage[];
  bosToken: string;
  eosToken: string;
  /** What a template may ask for besides, such as `enable_thinking`. */
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Writes messages as one text, up to where the next answer begins. Throws `TemplateRefusal` for what the model does not
 * take; everything else that is thrown is a fault of the template.
 */
export type CompiledTemplate = (input: TemplateInput) => string;

/** What a template says of a conversation that its model does not take. Its message is for people. */
export class TemplateRefusal extends Error {
  override readonly name = 'TemplateRefusal';
}

/** The text of a message whose template knows no parts. */
export function textOfContent(content: TemplateMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Messages whose system prompt, if they have one, stands before what the person says first. */
export function withSystemFolded<Message extends { role: MessageRole; content: string }>(
  messages: readonly Message[],
  fold: (systemPrompt: string, content: string) => string = foldedPlainly,
): Message[] {
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [...messages];
  const asked = rest.findIndex(({ role }) => role === 'user');
  if (asked === -1) return first.content === '' ? rest : [{ ...first, role: 'user' }, ...rest];
  return rest.map((message, index) =>
    index === asked ? { ...message, content: fold(first.content, message.content) } : message,
  );
}

function foldedPlainly(systemPrompt: string, content: string): string {
  return systemPrompt === '' ? content : `${systemPrompt}\n\n${content}`;
}
