import { describe, expect, it } from 'vitest';
import { AppError } from '../../../domain/errors';
import { readServerSentEvents } from '../http/sse';
import { Answer, type AnswerOptions } from './answer';
import { streamedEvents, wholeEvents } from './events';
import { TgiFault } from './fault';

const token = (text: string, extra: object = {}) => ({
  id: 1,
  text,
  logprob: -0.5,
  special: false,
  ...extra,
});
const plain = (text: string) => ({ token: token(text), generated_text: null, details: null });
const last = (text: string, whole: string, extra: object = {}) => ({
  token: token(text, extra),
  generated_text: whole,
  details: { finish_reason: 'eos_token', generated_tokens: 3, seed: null, input_length: 7 },
});
const frames = (events: object[], space = ' ') =>
  events.map((event) => `data:${space}${JSON.stringify(event)}\n\n`).join('');

async function* bytes(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += size) yield Promise.resolve(all.subarray(at, at + size));
}

async function read(text: string, options: Partial<AnswerOptions> = {}, size = Infinity) {
  const answer = new Answer({ stop: [], alternatives: undefined, ...options });
  const told: string[] = [];
  const tokens: unknown[] = [];
  for await (const event of streamedEvents(readServerSentEvents(bytes(text, size)))) {
    for (const delta of answer.push(event)) {
      if (delta.type !== 'delta') continue;
      told.push(delta.text);
      tokens.push(...(delta.tokens ?? []));
    }
    if (answer.reason) break;
  }
  return { text: told.join(''), told, tokens, reason: answer.reason, size: answer.size };
}

describe('a stream', () => {
  const sky = [plain(' The'), plain(' sky'), last('</s>', ' The sky', { special: true })];

  it('T5: leaves the special token out, and tells the size', async () => {
    expect(await read(frames(sky))).toMatchObject({
      told: [' The', ' sky'],
      reason: 'stop',
      size: { completionTokens: 3, promptTokens: 7 },
    });
  });

  it('T2: reads the framing without a space', async () => {
    expect((await read(frames(sky, ''))).text).toBe(' The sky');
  });

  it('T6: waits for a character that several tokens make, whatever the bytes of a read', async () => {
    const stream = frames([
      plain('a'),
      plain(''),
      plain(''),
      plain('🙂'),
      last('</s>', 'a🙂', { special: true }),
    ]);
    for (const size of [1, 2, 3, 7, 1000]) expect((await read(stream, {}, size)).text).toBe('a🙂');
  });

  it('T6: takes from the whole text what no token brought', async () => {
    const stream = frames([plain('a'), plain(''), last('', 'a🙂')]);
    expect((await read(stream)).told).toEqual(['a', '🙂']);
  });

  it('T12: does without index, details and length of the prompt', async () => {
    const event = { token: token(' sky'), generated_text: ' The sky', details: null };
    const { text, size, reason } = await read(
      frames([{ token: token(' The'), generated_text: null }, event]),
    );
    expect({ text, size, reason }).toEqual({
      text: ' The sky',
      size: { completionTokens: 2 },
      reason: 'stop',
    });
  });

  it('T13: passes over comments', async () => {
    const stream = `:\n\n${frames(sky.slice(0, 1))}:\n\n:\n\n${frames(sky.slice(1))}`;
    expect((await read(stream)).text).toBe(' The sky');
  });

  it('keeps what was told where the whole text differs, and adds the last token', async () => {
    const { text } = await read(frames([plain('Hello'), last(' you', 'Hallo you')]));
    expect(text).toBe('Hello you');
  });

  it('does not mind a space that only one of both begins with', async () => {
    expect((await read(frames([plain(' Hi'), last('!', 'Hi!')]))).text).toBe(' Hi!');
    expect((await read(frames([plain('Hi'), last('!', ' Hi!')]))).text).toBe('Hi!');
  });

  it('T4: ends with "length" and the text of the last token, once', async () => {
    const end = { ...last(' sky', ' The sky'), details: { finish_reason: 'length', generated_tokens: 2 } };
    expect(await read(frames([plain(' The'), end]))).toMatchObject({ text: ' The sky', reason: 'length' });
  });

  it('T4: cuts the stop sequence that the server leaves in the text', async () => {
    const end = {
      ...last('X', 'ab STOPX'),
      details: { finish_reason: 'stop_sequence', generated_tokens: 3 },
    };
    const stream = frames([plain('ab'), plain(' STOP'), end]);
    const { told, reason } = await read(stream, { stop: [' STOPX'] });
    expect({ told, reason }).toEqual({ told: ['ab'], reason: 'stop' });
  });

  it('tells the tokens with their alternatives, likeliest first, and of the special ones nothing', async () => {
    const top_tokens = [token(' b', { logprob: -3 }), token(' c', { logprob: null }), token(' a')];
    const stream = frames([{ ...plain(' a'), top_tokens }, last('</s>', ' a', { special: true })]);
    const top = [
      { text: ' a', logprob: -0.5 },
      { text: ' b', logprob: -3 },
    ];
    expect((await read(stream, { alternatives: 5 })).tokens).toEqual([{ text: ' a', logprob: -0.5, top }]);
    expect((await read(stream, { alternatives: 0 })).tokens).toEqual([{ text: ' a', logprob: -0.5 }]);
    expect((await read(stream)).tokens).toEqual([]);
  });

  it('keeps tokens of text that is held back for its delta', async () => {
    const stream = frames([plain('a'), plain('b'), last('c', 'abc')]);
    const { told, tokens } = await read(stream, { stop: ['abX'], alternatives: 0 });
    expect(told).toEqual(['abc']);
    expect(tokens).toHaveLength(3);
  });

  it('T7, T8: throws the error that stands in it, at once or later', async () => {
    const error = { error: 'Model is overloaded', error_type: 'overloaded' };
    for (const events of [[error], [...sky.slice(0, 2), error]])
      await expect(read(frames(events))).rejects.toThrow(TgiFault);
  });

  it.each([
    ['ends before its end', frames(sky.slice(0, 2))],
    ['T14: ends in the middle of an event', frames(sky).slice(0, -40)],
    ['is empty', ''],
    ['is no JSON', 'data: hello\n\n'],
    ['is other JSON', 'data: {"choices":[]}\n\n'],
  ])('that %s is nonsense', async (_, stream) => {
    await expect(read(stream)).rejects.toMatchObject({ code: 'backend-protocol' });
  });

  it('reads the same however its bytes are split', async () => {
    const stream = frames([plain('é'), plain(' 🙂'), plain(''), last(' sky', 'é 🙂 sky')]);
    const whole = await read(stream, { stop: ['sky'], alternatives: 2 });
    expect(await read(stream, { stop: ['sky'], alternatives: 2 }, 1)).toEqual(whole);
  });
});

describe('an answer that came whole', () => {
  const details = { finish_reason: 'length', generated_tokens: 2, tokens: [token('a'), token('b')] };

  it.each([
    ['an object', { generated_text: 'ab', details }],
    ['a list of one', [{ generated_text: 'ab', details }]],
  ])('T3: as %s', (_, body) => {
    const answer = new Answer({ stop: [], alternatives: 0 });
    const deltas = wholeEvents(JSON.stringify(body), 9).flatMap((event) => answer.push(event));
    expect(deltas).toMatchObject([{ text: 'a', tokens: [{ text: 'a' }] }, { text: 'b' }]);
    expect(answer).toMatchObject({ reason: 'length', size: { completionTokens: 2, promptTokens: 9 } });
  });

  it('without details', () => {
    const [event] = wholeEvents('{"generated_text":"ab"}');
    expect(event && new Answer({ stop: ['b'], alternatives: 0 }).push(event)).toMatchObject([{ text: 'a' }]);
  });

  it('says what is wrong', () => {
    expect(() => wholeEvents('{"error":"x","error_type":"overloaded"}')).toThrow(TgiFault);
    expect(() => wholeEvents('<html>')).toThrow(AppError);
  });
});
