import type { UpstreamFault } from './upstream-fault';

/** What a server said about a prompt that does not fit; what is absent it did not say. */
export interface ContextOverflow {
  /** Of the prompt, and of the answer that was asked for where the server adds them. */
  tokens?: number;
  /** Of the prompt alone, where `tokens` holds more than it. */
  promptTokens?: number;
  limit?: number;
}

/** Sentences of servers, with the figures in them by name. */
const sentences: readonly RegExp[] = [
  // vLLM, for an answer that is too long.
  /is too large: (?<asked>\d+).*maximum context length is (?<limit>\d+) tokens and your request has (?<prompt>\d+)/isu,
  // OpenAI, vLLM, OpenRouter and others, by parts: "(8000 in the messages, 1000 in the completion)".
  /maximum context length (?:is|of) (?<limit>\d+) tokens.*requested (?:about )?(?<tokens>\d+) tokens \((?<prompt>\d+)/isu,
  /maximum context length (?:is|of) (?<limit>\d+) tokens.*?(?:resulted in|requested|has|contains)(?: about| at least)? (?<tokens>\d+)/isu,
  // TGI.
  /`?inputs`? must have less than (?<limit>\d+) tokens\. Given: (?<tokens>\d+)/isu,
  /must be <= (?<limit>\d+)\. Given: (?<prompt>\d+) `inputs` tokens and (?<asked>\d+)/isu,
  // llama.cpp.
  /request \((?<tokens>\d+) tokens\) exceeds the available context size \((?<limit>\d+)/isu,
  /too long: (?<tokens>\d+) tokens > (?<limit>\d+)/isu,
  // LM Studio.
  /loaded with context length of only (?<limit>\d+)/isu,
  /maximum context length (?:is|of) (?<limit>\d+)/isu,
];

const kinds = /context_length_exceeded|exceed_context_size|context_window_exceeded/iu;
const signs =
  /exceeds? (?:the )?(?:available |maximum |model's )?context|context (?:length|window|size) (?:has been )?(?:exceeded|is too|overflow)|prompt (?:is )?too long|greater than the context length/iu;

/** The overflow that a fault tells of; `undefined` when it is about something else. */
export function overflowIn({ message, type, fields }: UpstreamFault): ContextOverflow | undefined {
  for (const sentence of sentences) {
    const figures = sentence.exec(message)?.groups;
    if (figures) return overflowOf(figures);
  }
  if (!kinds.test(type) && !signs.test(message)) return undefined;
  const [tokens, limit] = [fields.n_prompt_tokens, fields.n_ctx];
  return { ...(typeof tokens === 'number' && { tokens }), ...(typeof limit === 'number' && { limit }) };
}

function overflowOf(figures: Record<string, string | undefined>): ContextOverflow {
  const figure = (name: string) => (figures[name] === undefined ? undefined : Number(figures[name]));
  const [prompt, asked, limit] = [figure('prompt'), figure('asked'), figure('limit')];
  // A prompt that is too long by itself is what the caller can make shorter: the answer is not counted then.
  const isAlone = prompt !== undefined && limit !== undefined && prompt >= limit;
  const sum = figure('tokens') ?? (prompt === undefined ? undefined : prompt + (asked ?? 0));
  const tokens = isAlone ? prompt : sum;
  return {
    ...(tokens !== undefined && { tokens }),
    ...(prompt !== undefined && { promptTokens: prompt }),
    ...(limit !== undefined && { limit }),
  };
}
