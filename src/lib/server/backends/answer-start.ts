import type { GenerateInput } from './backend';

/** Tags that models put around their reasoning. */
export const reasoningTags = ['think', 'thinking', 'seed:think'] as const;
type ReasoningTag = (typeof reasoningTags)[number];

/** Where an answer begins: in its text, in reasoning that this tag has opened, or where only it will show. */
export type AnswerStart = 'text' | 'either' | { inside: ReasoningTag };

const tags = reasoningTags.join('|');
const openAtEnd = new RegExp(`<(${tags})>\\s*$`, 'u');
const openAtStart = new RegExp(`^\\s*<(${tags})>`, 'u');

/**
 * Where the answer to a request begins. A text that is no conversation is gone on from as it stands, with its tags. What goes on
 * from a given start is past its reasoning, unless the start opens one. `rendered` is the prompt that a server has made
 * of messages, where it is known: many templates open the reasoning themselves.
 */
export function answerStart(input: GenerateInput, rendered = ''): AnswerStart {
  if (input.kind === 'text2text') return 'text';
  const conversation = input.kind === 'messages' ? input : input.conversation;
  if (!conversation) return 'text';
  const { prefix = '' } = conversation;
  if (prefix !== '') return insideOf(unclosedAtStart(prefix)) ?? 'text';
  return insideOf(openAtEnd.exec(input.kind === 'prompt' ? input.prompt : rendered)?.[1]) ?? 'either';
}

/**
 * A prompt with the start of its answer. Reasoning that the template has opened is closed, empty: the model is to go on from
 * this start, and would take it for the beginning of a thought. A start that opens reasoning itself does so once.
 */
export function withAnswerStart(prompt: string, prefix: string): string {
  const open = openAtEnd.exec(prompt);
  if (!open || prefix === '') return prompt + prefix;
  const [end, tag = ''] = open;
  if (openAtStart.test(prefix)) return prompt.slice(0, -end.length) + prefix;
  return `${prompt.trimEnd()}\n\n</${tag}>\n\n${prefix}`;
}

function unclosedAtStart(prefix: string): string | undefined {
  const tag = openAtStart.exec(prefix)?.[1];
  return tag !== undefined && !prefix.includes(`</${tag}>`) ? tag : undefined;
}

function insideOf(name: string | undefined): AnswerStart | undefined {
  const inside = reasoningTags.find((tag) => tag === name);
  return inside && { inside };
}
