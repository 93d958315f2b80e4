import { fakeServer, type FakeReply, type FakeServer, type Piece, type SeenRequest } from './fake-server';

export interface FakeOllamaOptions {
  /** What `ollama list` would show. */
  models?: string[];
  capabilities?: string[];
  family?: string;
  contextLength?: number;
  /** Lines of the model's own file. */
  parameters?: string;
  apiKey?: string;
  /** Pieces of the answer; absent: `ollamaTokens`. */
  tokens?: string[];
  thinking?: string[];
  toolCalls?: { name: string; arguments: object }[];
  /** Whether its template ends the last message too, as Ollama's own for ChatML does; absent: it cannot be asked. */
  endsMessages?: boolean;
  /** An Ollama before 0.12.11. */
  hasNoLogprobs?: boolean;
  /** Tokens in the prompt; beyond the context a request without `truncate` fails. */
  promptTokens?: number;
  /** Every byte in a write of its own. */
  isBytewise?: boolean;
  /** Something else instead of the line after so many tokens; the stream is over with it. */
  after?: { tokens: number; piece: Piece };
  doneReason?: string;
}

export const ollamaTokens =
  'Slow rivers carry small stones to the sea, and every winter the hills are a little lower than before the rain.'.match(
    /\s*\S+/gu,
  ) ?? [];

interface Body {
  model?: unknown;
  messages?: { role: string; content: string; images?: string[] }[];
  prompt?: string;
  suffix?: string;
  raw?: boolean;
  truncate?: boolean;
  think?: boolean | string;
  logprobs?: boolean;
  top_logprobs?: number;
  _debug_render_only?: boolean;
  options?: { num_predict?: number; num_ctx?: number; stop?: string[] } & Record<string, unknown>;
}

/** An Ollama with one answer: it takes what the real one takes, and refuses what that refuses in the same words. */
export function fakeOllama(options: FakeOllamaOptions = {}): Promise<FakeServer> {
  return fakeServer((request) => {
    const { apiKey } = options;
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return { status: 401, body: '' };
    return (
      refusal(request, options) ??
      (request.path === '/api/show' ? json(200, showOf(options)) : answer(request, options))
    );
  });
}

function json(status: number, body: object): FakeReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

function bodyOf(request: SeenRequest): Body {
  return request.body as Body;
}

function refusal(request: SeenRequest, options: FakeOllamaOptions): FakeReply | undefined {
  const { models = ['small'], capabilities = ['completion'], family = 'llama', promptTokens = 9 } = options;
  if (!['/api/show', '/api/chat', '/api/generate'].includes(request.path))
    return { status: 404, body: '404 page not found' };
  const { model, think, truncate, suffix, top_logprobs: top = 0, options: given = {} } = bodyOf(request);
  if (typeof model !== 'string') return json(400, { error: 'model is required' });
  if (!models.includes(model)) return json(404, { error: `model '${model}' not found` });
  if (think !== undefined && think !== false && !capabilities.includes('thinking'))
    return json(400, { error: `"${model}" does not support thinking` });
  if (typeof think === 'string' && family !== 'gptoss')
    return json(400, { error: `think value "${think}" is not supported for this model` });
  if (suffix !== undefined && !capabilities.includes('insert'))
    return json(400, { error: `registry.ollama.ai/library/${model} does not support insert` });
  const wrong = Object.entries(given).find(([name, value]) => name !== 'stop' && typeof value !== 'number');
  if (wrong) return json(500, { error: `option "${wrong[0]}" must be of type float32` });
  if (top < 0 || top > 20) return json(400, { error: 'top_logprobs must be between 0 and 20' });
  if (truncate === false && promptTokens > (given.num_ctx ?? 4096))
    return json(400, { error: tooLong(promptTokens, given.num_ctx ?? 4096) });
  return undefined;
}

/** What 0.33 says, whose engine is llama.cpp: an error within the text of another. Older ones said a sentence. */
function tooLong(n_prompt_tokens: number, n_ctx: number): string {
  const message = `request (${String(n_prompt_tokens)} tokens) exceeds the available context size (${String(n_ctx)} tokens), try increasing it`;
  return JSON.stringify({
    error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens, n_ctx },
  });
}

/** Its prompt, instead of an answer. */
function rendered({ messages = [] }: Body, endsMessages: boolean): FakeReply {
  const turns = messages.map(({ role, content }, at) => {
    const isOpen = !endsMessages && role === 'assistant' && at === messages.length - 1;
    return `<|im_start|>${role}\n${content}${isOpen ? '' : '<|im_end|>\n'}`;
  });
  const isOpen = !endsMessages && messages.at(-1)?.role === 'assistant';
  const rendered_template = `${turns.join('')}${isOpen ? '' : '<|im_start|>assistant\n'}`;
  return json(200, {
    model: 'small',
    created_at: '2026-01-01T00:00:00.1Z',
    message: { role: '', content: '' },
    done: false,
    _debug_info: { rendered_template },
  });
}

function showOf(options: FakeOllamaOptions): object {
  const {
    capabilities = ['completion'],
    family = 'llama',
    contextLength = 131_072,
    parameters = '',
  } = options;
  return {
    modelfile: '# Modelfile',
    parameters,
    template: '{{ .Prompt }}',
    details: {
      parent_model: '',
      format: 'gguf',
      family,
      families: null,
      parameter_size: '8.0B',
      quantization_level: 'Q4_0',
    },
    model_info: { 'general.architecture': family, [`${family}.context_length`]: contextLength },
    capabilities,
  };
}

function answer(request: SeenRequest, options: FakeOllamaOptions): FakeReply {
  const { isBytewise = false, after, endsMessages } = options;
  const body = bodyOf(request);
  if (body._debug_render_only && endsMessages !== undefined) return rendered(body, endsMessages);
  const lines = linesOf(request, options);
  const pieces: Piece[] = lines.map((line) => (isBytewise ? { bytewise: `${line}\n` } : `${line}\n`));
  return {
    headers: { 'content-type': 'application/x-ndjson' },
    body: after ? [...pieces.slice(0, after.tokens), after.piece] : pieces,
  };
}

function linesOf(request: SeenRequest, options: FakeOllamaOptions): string[] {
  const { thinking = [], toolCalls = [], promptTokens = 9, doneReason, hasNoLogprobs } = options;
  const { messages, prompt, logprobs, top_logprobs: top = 0, options: given = {} } = bodyOf(request);
  const isChat = request.path === '/api/chat';
  const common = { model: 'small', created_at: '2026-01-01T00:00:00.1Z' };
  const line = (content: string, extra: object = {}, end?: object) => {
    const said = isChat
      ? { message: { role: 'assistant', content, ...extra } }
      : { response: content, ...extra };
    return JSON.stringify({ ...common, ...said, done: end !== undefined, ...end });
  };
  const isEmpty = isChat ? messages?.length === 0 : prompt === '';
  if (isEmpty) return [line('', {}, { done_reason: 'load' })];
  const { texts, count, reason } = written(given, options);
  const counts = { prompt_eval_count: promptTokens, eval_count: count };
  const durations = { total_duration: 5_000_000, load_duration: 1_000_000, eval_duration: 3_000_000 };
  const calls = toolCalls.map((call) => ({ function: call }));
  return [
    ...thinking.map((text) => line('', { thinking: text })),
    ...texts.map((text) => (logprobs && !hasNoLogprobs ? withLogprobs(line(text), text, top) : line(text))),
    ...(calls.length > 0 ? [line('', { tool_calls: calls })] : []),
    line('', {}, { done_reason: doneReason ?? reason, ...durations, ...counts }),
  ];
}

/** Beside the message, not in it. */
function withLogprobs(line: string, token: string, top: number): string {
  const item = { token, logprob: -0.5, bytes: [...Buffer.from(token)] };
  const others = Array.from({ length: top }, (_, at) => ({ ...item, logprob: -0.5 - at }));
  const logprobs = [{ ...item, ...(top > 0 && { top_logprobs: others }) }];
  return JSON.stringify({ ...(JSON.parse(line) as object), logprobs });
}

/** The answer up to its end: stop sequences are cut by the server, and are in no line. */
function written(
  { num_predict: longest = -1, stop = [] }: NonNullable<Body['options']>,
  { tokens = ollamaTokens }: FakeOllamaOptions,
): { texts: string[]; count: number; reason: 'stop' | 'length' } {
  const isCut = longest >= 0 && longest < tokens.length;
  const all = isCut ? tokens.slice(0, longest) : tokens;
  const whole = all.join('');
  const cuts = stop.map((sequence) => whole.indexOf(sequence)).filter((at) => at !== -1);
  if (cuts.length === 0) return { texts: [...all], count: all.length, reason: isCut ? 'length' : 'stop' };
  let left = Math.min(...cuts);
  const texts: string[] = [];
  for (const text of all) {
    if (left <= 0) break;
    texts.push(text.slice(0, left));
    left -= text.length;
  }
  return { texts, count: texts.length + 1, reason: 'stop' };
}
