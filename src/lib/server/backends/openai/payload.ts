import type { BackendUsage } from '../backend';

export type Loose = Readonly<Record<string, unknown>>;

/** One element of `choices`, of a stream or of a whole reply, of chat or of completions. */
export interface WireChoice {
  index: number;
  text: string;
  reasoning: string;
  toolCalls: Loose[];
  finishReason: string | undefined;
  logprobs: unknown;
}

export function record(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

/** The choices of an object; servers leave them out, send `null`, or an empty list with usage. */
export function choicesOf(payload: unknown): WireChoice[] {
  const { choices } = record(payload);
  return Array.isArray(choices) ? choices.map((choice: unknown, at) => choiceOf(record(choice), at)) : [];
}

function choiceOf(choice: Loose, at: number): WireChoice {
  const said = record(choice.delta ?? choice.message);
  const { text, thoughts } = contentOf(said.content ?? choice.text);
  const { finish_reason: finishReason, index } = choice;
  return {
    index: typeof index === 'number' ? index : at,
    text,
    // A server may send the same under two names.
    reasoning: firstText(said.reasoning_content, said.reasoning, said.reasoning_text) || thoughts,
    toolCalls: callsOf(said),
    // "" is what TGI says while it goes on.
    finishReason: typeof finishReason === 'string' && finishReason !== '' ? finishReason : undefined,
    logprobs: choice.logprobs,
  };
}

/** Text, or a list of parts, some of which may be thoughts. */
function contentOf(content: unknown): { text: string; thoughts: string } {
  if (typeof content === 'string') return { text: content, thoughts: '' };
  if (!Array.isArray(content)) return { text: '', thoughts: '' };
  let [text, thoughts] = ['', ''];
  for (const part of content.map(record)) {
    if (part.type === 'thinking') thoughts += contentOf(part.thinking).text || firstText(part.thinking);
    else text += firstText(part.text);
  }
  return { text, thoughts };
}

function callsOf({ tool_calls: calls, function_call: old }: Loose): Loose[] {
  if (Array.isArray(calls)) return calls.map(record);
  return typeof old === 'object' && old !== null ? [{ index: 0, function: old }] : [];
}

function firstText(...candidates: unknown[]): string {
  return candidates.find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}

/** Some send it with every object, so that it says nothing of the end. */
export function usageOf(payload: unknown): BackendUsage | undefined {
  const usage = record(record(payload).usage);
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return undefined;
  const { cached_tokens: cachedTokens } = record(usage.prompt_tokens_details);
  return {
    promptTokens,
    completionTokens,
    ...(typeof cachedTokens === 'number' && { cachedTokens }),
  };
}
