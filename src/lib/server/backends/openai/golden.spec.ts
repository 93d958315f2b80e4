import { describe, expect, it } from 'vitest';
import { chunksOf, events } from '../__fixtures__/fake-server';
import { chunk } from '../__fixtures__/openai-server';
import type { BackendEvent } from '../backend';
import type { HttpReply } from '../http/transport';
import { readReply } from './read-reply';
import { ReplyReader } from './reply-reader';

/** A reply that comes in chunks of `size` bytes. */
function replyOf(bytes: string, size: number): HttpReply {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    chunks: () => chunksOf(bytes, size),
    text: () => Promise.resolve(bytes),
    close: () => undefined,
  };
}

/** What is read, with neighbouring deltas joined: how they are cut is not part of the answer. */
async function read(bytes: string, size: number, stop: string[] = []): Promise<unknown[]> {
  const reader = new ReplyReader({ count: 1, stop, start: 'either', echo: '' });
  const joined: BackendEvent[] = [];
  for await (const event of readReply(replyOf(bytes, size), reader)) {
    const last = joined.at(-1);
    if (event.type === 'delta' && last?.type === 'delta' && last.kind === event.kind)
      joined[joined.length - 1] = {
        ...last,
        text: last.text + event.text,
        ...((last.tokens ?? event.tokens) && { tokens: [...(last.tokens ?? []), ...(event.tokens ?? [])] }),
      };
    else joined.push(event);
  }
  return joined;
}

const usage = { prompt_tokens: 39, completion_tokens: 3, total_tokens: 42 };
const told = { promptTokens: 39, completionTokens: 3 };
const text = (said: string, kind = 'text') => ({ type: 'delta', choice: 0, kind, text: said });
const finish = (reason = 'stop', more: object = { usage: told }) => ({ type: 'finish', reason, ...more });
const call = { type: 'tool-call', choice: 0, id: 'call_abcd', name: 'get_time', arguments: '{"zone":"CET"}' };
const logprob = (token: string, value: number) => ({
  content: [
    {
      token,
      logprob: value,
      bytes: [],
      top_logprobs: [
        { token, logprob: value },
        { token: 'no', logprob: -3 },
      ],
    },
  ],
});
const info = (token: string, logprob: number) => ({
  text: token,
  logprob,
  top: [
    { text: token, logprob },
    { text: 'no', logprob: -3 },
  ],
});
const fn = (name: string | null, input: string) => ({
  index: 0,
  id: 'call_abcd',
  type: 'function',
  function: { name, arguments: input },
});

const streams: [string, string, unknown[], string[]?][] = [
  [
    'TGI',
    `:\n\n${events(
      {
        ...chunk({ role: 'assistant', content: 'Hé 🦊' }),
        id: '',
        system_fingerprint: '3.3.6-native',
        usage: null,
      },
      { ...chunk({ role: 'assistant', content: '</s>' }, 'stop_sequence'), id: '', usage: null },
      { choices: [], usage },
      '[DONE]',
    )}`,
    [text('Hé 🦊'), finish('stop', {})],
    ['</s>'],
  ],
  [
    'vLLM, with reasoning and log probabilities',
    events(
      { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { reasoning: 'Grün', reasoning_content: 'Grün' } }] },
      { choices: [{ index: 0, delta: { content: 'Blau' }, logprobs: logprob('Blau', -0.5) }] },
      {
        choices: [
          {
            index: 0,
            delta: { content: '!' },
            logprobs: logprob('!', -0.25),
            finish_reason: 'length',
            stop_reason: null,
          },
        ],
      },
      { choices: [], usage },
      '[DONE]',
    ),
    [
      text('Grün', 'reasoning'),
      { ...text('Blau!'), tokens: [info('Blau', -0.5), info('!', -0.25)] },
      finish('length'),
    ],
  ],
  [
    'llama.cpp, with a tool call',
    events(
      chunk({ role: 'assistant', content: null }),
      chunk({ reasoning_content: 'Hm…' }),
      chunk({ tool_calls: [{ ...fn('get_time', '') }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"zone"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':"CET"}' } }] }),
      chunk({}, 'tool_calls', { usage, timings: { prompt_n: 39 } }),
      '[DONE]',
    ),
    [text('Hm…', 'reasoning'), call, finish()],
  ],
  [
    'Ollama',
    events(
      chunk({ role: 'assistant', content: '', reasoning: 'Denk' }),
      chunk({ role: 'assistant', content: '狐' }),
      chunk({ role: 'assistant', content: '' }, 'stop'),
      { choices: [], usage },
      '[DONE]',
    ),
    [text('Denk', 'reasoning'), text('狐'), finish()],
  ],
  [
    'LM Studio, with tags, and names that repeat',
    events(
      chunk({ role: 'assistant', content: '<thi' }),
      chunk({ content: 'nk>\nÄh' }),
      chunk({ content: '\n</th' }),
      chunk({ content: 'ink>\n\nJa' }),
      chunk({ tool_calls: [fn('get_time', '')] }),
      chunk({ tool_calls: [fn('get_time', '{"zone"')] }),
      chunk({ tool_calls: [fn('', ':"CET"}')] }),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ),
    [text('Äh', 'reasoning'), text('Ja'), call, finish('stop', {})],
  ],
  [
    'OpenRouter, in CRLF',
    `: OPENROUTER PROCESSING\n\n${events(
      chunk({ role: 'assistant', content: 'Où', reasoning: null }),
      chunk({ content: '', reasoning_details: [] }, 'stop', { native_finish_reason: 'end_turn' }),
      { choices: [], usage: { ...usage, cost: 0.1, prompt_tokens_details: { cached_tokens: 12 } } },
      '[DONE]',
    )}`.replaceAll('\n', '\r\n'),
    [text('Où'), finish('stop', { usage: { ...told, cachedTokens: 12 } })],
  ],
  [
    'completions of TGI',
    events(
      { object: 'text_completion', choices: [{ index: 0, text: ' Bl', logprobs: null, finish_reason: '' }] },
      {
        object: 'text_completion',
        choices: [{ index: 0, text: 'å', logprobs: null, finish_reason: 'eos_token' }],
        usage,
      },
      '[DONE]',
    ),
    [text(' Blå'), finish()],
  ],
  [
    'completions with log probabilities',
    events({
      choices: [
        {
          index: 0,
          text: ' Blå',
          logprobs: { tokens: [' Blå'], token_logprobs: [-0.5], top_logprobs: [{ no: -3, ' Blå': -0.5 }] },
          finish_reason: 'stop',
        },
      ],
    }),
    [{ ...text(' Blå'), tokens: [info(' Blå', -0.5)] }, finish('stop', {})],
  ],
  [
    'halves of a character in escapes, thoughts in parts, and a filter',
    [
      String.raw`data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}}]}`,
      String.raw`data: {"choices":[{"delta":{"content":"\ud83e"}}]}`,
      String.raw`data: {"choices":[{"delta":{"content":"\udd8a"},"finish_reason":"content_filter"}]}`,
      '',
    ].join('\n\n'),
    [
      text('Hm', 'reasoning'),
      text('🦊'),
      { type: 'warning', code: 'content-filter', text: 'The server held back a part of this answer.' },
      finish('stop', {}),
    ],
  ],
];

describe('a stream as it was recorded', () => {
  it.each(streams)('of %s is the same in chunks of every size', async (_, bytes, expected, stop) => {
    const { length } = Buffer.from(bytes);
    for (let size = 1; size <= length; size = size < 40 ? size + 1 : size * 2)
      expect(await read(bytes, size, stop), `in chunks of ${String(size)}`).toEqual(expected);
    expect(await read(bytes, length, stop)).toEqual(expected);
  });

  it.each(streams.slice(0, 3))(
    'of %s is the same with a cut at every byte',
    async (_, bytes, expected, stop) => {
      const whole = Buffer.from(bytes);
      for (let at = 0; at <= whole.length; at += 1) {
        const reply = replyOf('', 1);
        reply.chunks = async function* () {
          yield await Promise.resolve(new Uint8Array(whole.subarray(0, at)));
          yield new Uint8Array(whole.subarray(at));
        };
        const reader = new ReplyReader({
          count: 1,
          stop: stop ?? [],
          start: 'either',
          echo: '',
        });
        let said = '';
        for await (const event of readReply(reply, reader)) if (event.type === 'delta') said += event.text;
        const wanted = (expected as { type: string; text?: string }[])
          .map((event) => (event.type === 'delta' ? event.text : ''))
          .join('');
        expect(said).toBe(wanted);
      }
    },
  );
});
