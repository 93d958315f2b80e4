import {
  events,
  fakeServer,
  type FakeReply,
  type FakeServer,
  type Script,
  type SeenRequest,
} from './fake-server';

/** Tokens of the long answer that the fake gives: more than 20, some of several bytes. */
const longAnswer =
  'The quick brown fox — 狐 🦊 — jumps over the lazy dog, and then it does so again, and again, until evening.'.match(
    /\s*\S+/gu,
  ) as string[];

const streamHeaders = { 'content-type': 'text/event-stream' };

export interface ChatBody {
  messages?: { role: string; content: unknown }[];
  prompt?: string;
  max_tokens?: number;
  n?: number;
  [field: string]: unknown;
}

export function bodyOf(request: SeenRequest | undefined): ChatBody {
  return (request?.body ?? {}) as ChatBody;
}

/** A stream of server-sent events, as text or as pieces. */
export function stream(body: FakeReply['body']): FakeReply {
  return { headers: streamHeaders, ...(body !== undefined && { body }) };
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): FakeReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function list(...cards: object[]): FakeReply {
  return json({ object: 'list', data: cards.map((card) => ({ object: 'model', created: 1, ...card })) });
}

/** One object of a chat stream. */
export function chunk(delta: object, finish_reason: string | null = null, more: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
    ...more,
  };
}

/** A vLLM with one model, which gives the same answer to everything: that of `model`, or a long one. */
export function wellBehaved(model: { says?: string | undefined } = {}): Promise<FakeServer> {
  const answer: Script = (request) => answerOf(request, model.says?.match(/[^]{1,5}/gu) ?? longAnswer);
  return fakeServer({
    '/v1/models': list({ id: 'org/m', owned_by: 'vllm', max_model_len: 8192 }),
    '/version': json({ version: '0.11.0' }),
    '/tokenize': (request) => json({ count: String(bodyOf(request).prompt).length, tokens: [] }),
    'POST /v1/chat/completions': answer,
    'POST /v1/completions': answer,
  });
}

function answerOf(request: SeenRequest, tokens: readonly string[]): FakeReply {
  const { max_tokens: limit = Infinity, n = 1, messages } = bodyOf(request);
  const written = tokens.slice(0, limit);
  const choices = (choice: object) => ({ choices: [choice] });
  const lines = Array.from({ length: n }, (_, index) => [
    ...written.map((text) =>
      choices(messages ? { index, delta: { content: text } } : { index, text, logprobs: null }),
    ),
    choices({
      index,
      delta: {},
      text: '',
      finish_reason: written.length < tokens.length ? 'length' : 'stop',
    }),
  ]);
  // Their pieces come in turns, as a server writes them.
  const inTurns = (lines[0] ?? []).flatMap((_, at) => lines.map((line) => line[at]));
  const usage = { prompt_tokens: 5, completion_tokens: written.length * n, total_tokens: 0 };
  return stream([events(...inTurns), events({ choices: [], usage }, '[DONE]')]);
}
