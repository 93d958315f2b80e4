import { afterEach, describe, expect, it } from 'vitest';
import { events } from '../__fixtures__/fake-server';
import { chunk, json, stream } from '../__fixtures__/openai-server';
import { answer, calls, closeAll, saying, setup, thoughts, usage } from '../__fixtures__/openai-setup';
import type { OpenaiConfig } from './config';

afterEach(closeAll);

describe('framing', () => {
  const said = [chunk({ content: 'é🦊' }), chunk({ content: '!' }, 'stop'), { choices: [], usage }];
  const good = { text: 'é🦊!', finish: 'stop', usage: { promptTokens: 7, completionTokens: 2 } };

  it('O6: CRLF, and a CRLF that is split', async () => {
    const text = events(...said, '[DONE]').replaceAll('\n', '\r\n');
    const halves = text.split(/(?<=\r)/u).flatMap((piece) => [piece, 2]);
    const { ask } = await setup(stream(halves));
    expect(await ask()).toMatchObject(good);
  });

  it('O7: no [DONE], and a clean end', async () => {
    const { ask } = await setup(saying(...said));
    expect(await ask()).toMatchObject(good);
  });

  it('O8: no [DONE], and a connection that stays open: it is closed after a while', async () => {
    const { ask, server } = await setup(stream([events(...said), 'hold']));
    expect(await ask()).toMatchObject(good);
    await server.requests.at(-1)?.ended;
    expect(server.requests.at(-1)?.wasLeft).toBe(true);
  });

  it('O9: [DONE] with a space after it, and text after [DONE]', async () => {
    const { ask } = await setup(
      stream([events(...said), 'data: [DONE] \n\n', events(chunk({ content: 'more' }))]),
    );
    expect(await ask()).toMatchObject(good);
  });

  it('O12: one byte at a time', async () => {
    const { ask } = await setup(stream([{ bytewise: events(...said, '[DONE]') }]));
    expect(await ask()).toMatchObject(good);
  });

  it('half a character at the end is an answer that broke off, after what was whole', async () => {
    const whole = events(chunk({ content: 'Fox ' }));
    const half = Buffer.from(`data: {"choices":[{"delta":{"content":"🦊`).subarray(0, -2);
    const { ask } = await setup(stream([whole, half]));
    await expect(ask()).rejects.toMatchObject({ code: 'backend-protocol' });
  });

  it('a line of a megabyte', async () => {
    const long = 'lang '.repeat(210_000);
    const { ask } = await setup(saying(chunk({ content: long }, 'stop'), '[DONE]'));
    expect((await ask()).text).toHaveLength(long.length);
  });

  it('silence with a heartbeat may last, silence without one may not', async () => {
    const beats = Array.from({ length: 30 }, () => [':\n\n', 25]).flat();
    // Less than all beats take, and so much more than one that a busy machine is not taken for silence.
    const alive = await setup(stream([events(said[0]), ...beats, events(...said.slice(1))]), {
      idleTimeoutMs: 600,
    });
    expect(await alive.ask()).toMatchObject(good);
    const dead = await setup(stream([events(said[0]), 'hold']), { idleTimeoutMs: 100 });
    await expect(dead.ask()).rejects.toMatchObject({ code: 'backend-unreachable' });
    expect(dead.backend.state().state).toBe('unavailable');
  });

  it('O15: a first byte that takes long, before the headers and after them', async () => {
    const late = await setup({ ...stream([events(...said)]), delayMs: 150 }, { idleTimeoutMs: 50 });
    expect(await late.ask()).toMatchObject(good);
    const later = await setup(stream(['', 150, events(...said)]), { idleTimeoutMs: 50 });
    expect(await later.ask()).toMatchObject(good);
  });

  it('O17: JSON instead of a stream', async () => {
    const message = {
      role: 'assistant',
      content: 'Whole',
      reasoning_content: 'Hm',
      tool_calls: [{ id: 'call_1', function: { name: 'f', arguments: { a: 1 } } }],
    };
    const { ask } = await setup(
      json({ object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'length' }], usage }),
    );
    const read = await ask();
    expect([thoughts(read), answer(read), read.finish, read.usage?.completionTokens]).toEqual([
      'Hm',
      'Whole',
      'length',
      2,
    ]);
    expect(calls(read)).toMatchObject([{ id: 'call_1', name: 'f', arguments: '{"a":1}' }]);
    const nothing = await setup(json({ hello: 'world' }));
    await expect(nothing.ask()).rejects.toMatchObject({ code: 'backend-protocol' });
  });
});

describe('O10, reasoning in tags', () => {
  const spoken = async (text: string, config: Partial<OpenaiConfig> = {}) => {
    const { ask } = await setup(
      saying(...[...text].map((content) => chunk({ content })), chunk({}, 'stop'), '[DONE]'),
      config,
    );
    const read = await ask();
    return [thoughts(read), answer(read)];
  };

  it('split over chunks', async () => {
    expect(await spoken('<think>\nWhy <b>?\n</think>\n\nBecause.')).toEqual(['Why <b>?', 'Because.']);
  });

  it('without an opening tag, where the entry says so', async () => {
    const reasoning = { startsOpen: true };
    expect(await spoken('Why?\n</think>\nSo.', { reasoning })).toEqual(['Why?', 'So.']);
    expect(await spoken('<think>Why?</think>So.', { reasoning })).toEqual(['Why?', 'So.']);
  });

  it('never closed', async () => {
    expect(await spoken('<think>Why? </thi')).toEqual(['Why? </thi', '']);
  });

  it('and none: text that begins like a tag, or speaks of one', async () => {
    expect(await spoken('<th')).toEqual(['', '<th']);
    expect(await spoken('  <p> a <think> b')).toEqual(['', '  <p> a <think> b']);
  });
});
